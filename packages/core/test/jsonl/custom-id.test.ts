import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customIdOf, idFilter } from "../../src/jsonl/custom-id.js";
import { readLines } from "../../src/jsonl/read-lines.js";

const lineWith = (id: string) => `{"custom_id":${JSON.stringify(id)},"method":"POST"}`;

function mayHave(ids: readonly string[], line: string): boolean {
  const bytes = Buffer.from(`..${line}..`);
  return idFilter(ids)(bytes, 2, bytes.length - 2);
}

/** A line as anybody may write it: other fields first, spaces, escapes. */
const anyLine = fc
  .record({
    id: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    before: fc.constantFrom("{", '{"method":"POST",', "{ ", '\ufeff{"x":{"custom_id":"no"},'),
    space: fc.constantFrom("", " "),
    isEscaped: fc.boolean(),
  })
  .map(({ id, before, space, isEscaped }) => {
    const json = isEscaped
      ? `"${Array.from({ length: id.length }, (_none, at) => `\\u${id.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`
      : JSON.stringify(id);
    return { id, line: `${before}"custom_id":${space}${json},"body":{}}` };
  });

describe("looking for lines by their ids", () => {
  it("never denies one that has the id", () => {
    fc.assert(
      fc.property(anyLine, fc.array(fc.string(), { maxLength: 3 }), ({ id, line }, others) => {
        expect(mayHave([...others, id], line)).toBe(true);
      }),
    );
  });

  it("denies nearly every other line", () => {
    const wanted = Array.from({ length: 50 }, (_none, at) => `wanted-${at}`);
    const others = Array.from({ length: 1000 }, (_none, at) => lineWith(`other-${at}`));
    expect(others.filter((line) => mayHave(wanted, line))).toEqual([]);
  });

  it("leaves lines out and still counts them, across any cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 60 }),
        async (ids, size) => {
          const bytes = Buffer.from(ids.map((id) => `${lineWith(id)}\n`).join(""));
          async function* chunks() {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
          }
          const wanted = ids.filter((_id, at) => at % 3 === 0);
          const found: [number, string | undefined][] = [];
          for await (const lines of readLines(chunks(), { mayBeWanted: idFilter(wanted) })) {
            for (const { number, bytes: line } of lines) found.push([number, customIdOf(line)]);
          }
          for (const id of wanted) expect(found).toContainEqual([ids.indexOf(id) + 1, id]);
          for (const [number, id] of found) expect(ids[number - 1]).toBe(id);
        },
      ),
    );
  });
});
