import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReadLine, readLines } from "../../src/jsonl/read-lines.js";

async function read(chunks: readonly Uint8Array[], maxBytes?: number): Promise<ReadLine[]> {
  async function* source() {
    yield* chunks;
  }
  const all: ReadLine[] = [];
  for await (const lines of readLines(source(), maxBytes === undefined ? {} : { maxBytes })) {
    all.push(...lines);
  }
  return all;
}

const parts = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text));
const starts = (lines: readonly ReadLine[]) =>
  lines.map(({ start, bytes }) => [start, String(bytes)]);
const texts = (lines: readonly ReadLine[]) => lines.map(({ bytes }) => bytes.toString());

describe("readLines", () => {
  it("cuts at LF alone, so U+2028 and U+2029 stay inside their line", async () => {
    const text = 'a\u2028b\n"c\u2029d"\u0085\n';
    expect(texts(await read([Buffer.from(text)]))).toEqual(["a\u2028b", '"c\u2029d"\u0085']);
  });

  it("takes a byte order mark, CRLF, blank lines and a missing last line end", async () => {
    const lines = await read([Buffer.from("\uFEFFone\r\n\r\n  \t\ntwo\n\nthree")]);
    expect(texts(lines)).toEqual(["one", "two", "three"]);
    expect(lines.map(({ number }) => number)).toEqual([1, 4, 6]);
  });

  it("gives nothing for an empty input and for one of blank lines", async () => {
    expect(await read([])).toEqual([]);
    expect(await read([Buffer.from("\n \r\n\t\n")])).toEqual([]);
  });

  it("gives a line over the limit without its bytes, and goes on after it", async () => {
    const lines = await read(
      [Buffer.from("short\n"), Buffer.from("x".repeat(50)), Buffer.from("\nend\n")],
      20,
    );
    expect(lines.map(({ bytes, length }) => [bytes.toString(), length])).toEqual([
      ["short", 5],
      ["", 50],
      ["end", 3],
    ]);
  });

  it("says where each one begins, across chunks, line ends and blank lines", async () => {
    const lines = await read(parts("a\nb", "b\r\n\n ", "\t\nc", "", "c", "c"));
    expect(starts(lines)).toEqual([
      [0, "a"],
      [2, "bb"],
      [10, "ccc"],
    ]);
  });

  it("says where lines begin also after one that is too long", async () => {
    expect(starts(await read(parts("aaaa", "aaaa", "a\nbb\n", "cc"), 6))).toEqual([
      [0, ""],
      [10, "bb"],
      [13, "cc"],
    ]);
  });

  it("gives the same lines however the bytes are cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme", maxLength: 30 })),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }),
        async (parts, sizes) => {
          const bytes = Buffer.from(parts.join("\n"));
          const chunks: Buffer[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(await read(chunks)).toEqual(await read([bytes]));
        },
      ),
    );
  });
});
