import { describe, expect, it } from "vitest";
import { cutLines } from "../src/cut-lines.js";

async function cut(chunks: readonly string[], maxBytes?: number) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: [start: number, text: string][] = [];
  for await (const some of cutLines(bytes(), maxBytes)) {
    for (const line of some) lines.push([line.start, line.bytes.toString()]);
  }
  return lines;
}

describe("cutting lines", () => {
  it("says where each one begins, across chunks, line ends and blank lines", async () => {
    expect(await cut(["a\nb", "b\r\n\n ", "\t\nc", "", "c", "c"])).toEqual([
      [0, "a"],
      [2, "bb"],
      [10, "ccc"],
    ]);
  });

  it("drops the bytes of a line that is too long, and goes on after it", async () => {
    expect(await cut(["aaaa", "aaaa", "a\nbb\n", "cc"], 6)).toEqual([
      [0, ""],
      [10, "bb"],
      [13, "cc"],
    ]);
  });
});
