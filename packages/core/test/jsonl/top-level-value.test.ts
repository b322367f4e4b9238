import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customIdOf } from "../../src/jsonl/custom-id.js";
import { topLevelString, topLevelValue } from "../../src/jsonl/top-level-value.js";

describe("topLevelValue", () => {
  it("finds the bytes of any value of any object, as parsing does", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
        fc.nat(),
        fc.constantFrom(undefined, 1, "\t"),
        (object, pick, indent) => {
          const names = Object.keys(object);
          const name = names[pick % names.length] ?? "";
          const line = Buffer.from(JSON.stringify(object, null, indent));
          const range = topLevelValue(line, name);
          // A name that is written with escapes is left to parsing.
          if (range === undefined) {
            expect(JSON.stringify(object)).toContain("\\");
            return;
          }
          const found: unknown = JSON.parse(line.toString("utf8", range.start, range.end));
          expect(found).toEqual(JSON.parse(JSON.stringify(object))[name]);
        },
      ),
    );
  });

  it("does not take what stands in a body or in a text for the field", () => {
    const line =
      '{"body":{"custom_id":"inner","t":"\\"custom_id\\":\\"text\\""},"custom_id":"outer"}';
    expect(topLevelString(Buffer.from(line), "custom_id")).toBe("outer");
  });

  it.each([
    "",
    "null",
    "[]",
    '"custom_id"',
    "{",
    '{"custom_id"',
    '{"custom_id":',
    '{"custom_id":"a',
    "{]",
  ])("finds nothing in %j", (text) => {
    expect(topLevelString(Buffer.from(text), "custom_id")).toBeUndefined();
  });
});

describe("customIdOf", () => {
  it("gives any id back, also one that is written with escapes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (id) => {
        expect(
          customIdOf(Buffer.from(JSON.stringify({ a: [1, { custom_id: 2 }], custom_id: id }))),
        ).toBe(id);
      }),
    );
    expect(customIdOf(Buffer.from('{"\\u0063ustom_id":"x"}'))).toBe("x");
  });

  it("gives nothing where there is none", () => {
    expect(customIdOf(Buffer.from('{"custom_id":7}'))).toBeUndefined();
    expect(customIdOf(Buffer.from("not json"))).toBeUndefined();
  });
});
