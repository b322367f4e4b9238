import { LangBatchError } from "@langbatch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../src/verdict.js";
import { asked, canary } from "./support/answers.js";

describe("any answer", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.constantFrom("", `"${canary}"`, `{"error":{"message":"Bearer \\"${canary}\\""}}`),
    fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}${canary}${after}`),
    fc
      .dictionary(fc.string(), fc.oneof(fc.string(), fc.constant(`Bearer ${canary}\n"`)))
      .map((fields) => JSON.stringify({ error: fields }, null, 2)),
  );

  it("has a verdict that can be kept, and shows no key but in a success", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 650 }), texts, (status, text) => {
        const verdict = judge({ came: "response", status, text }, asked);
        if (verdict.is === "hopeless") {
          expect(LangBatchError.is(verdict.error)).toBe(true);
          expect(verdict.error.message).not.toContain(canary);
          return;
        }
        const { response, error } = verdict.is === "again" ? verdict.result : verdict;
        expect(response ?? error).not.toBeNull();
        if (response) {
          expect(response.body).not.toMatch(/[\r\n]/);
          expect(() => JSON.parse(response.body)).not.toThrow();
        }
        const isSuccess = response !== null && status >= 200 && status < 300;
        if (!isSuccess) expect(JSON.stringify([response, error])).not.toContain(canary);
      }),
      { numRuns: 2000 },
    );
  });
});
