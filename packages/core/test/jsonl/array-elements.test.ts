import fc from "fast-check";
import { expect, it } from "vitest";
import { arrayElements } from "../../src/jsonl/array-elements.js";

it("finds the elements of any array, as parsing does", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, "\t"), (array, indent) => {
      const json = Buffer.from(JSON.stringify(array, null, indent));
      const found = arrayElements(json).map(({ start, end }): unknown => {
        return JSON.parse(json.toString("utf8", start, end));
      });
      expect(found).toEqual(JSON.parse(JSON.stringify(array)));
    }),
  );
});

it("finds none in what is no array", () => {
  for (const json of ['{"a":[1]}', "null", "", "  ", '"[1]"', "["]) {
    expect(arrayElements(Buffer.from(json))).toEqual([]);
  }
});
