import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idIndex } from "../../src/plan/id-index.js";

describe("idIndex", () => {
  it("says what a Map says", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 4 }), { maxLength: 3000 }), (ids) => {
        const index = idIndex();
        const map = new Map<string, number>();
        for (const [position, id] of ids.entries()) {
          expect(index.add(id, position)).toBe(map.get(id));
          if (!map.has(id)) map.set(id, position);
        }
        for (const id of [...ids, "never added"]) expect(index.get(id)).toBe(map.get(id));
      }),
      { numRuns: 50 },
    );
  });

  it("tells 300,000 ids that differ in little apart", () => {
    const index = idIndex();
    let hits = 0;
    for (let position = 0; position < 300_000; position += 1) {
      if (index.add(`request-${position}`, position) !== undefined) hits += 1;
    }
    expect(hits).toBe(0);
    expect(index.get("request-299999")).toBe(299_999);
  });
});
