import { LangBatchError } from "@langbatch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, type Size } from "./cut.js";

describe("any lines and limits", () => {
  const maxBytes = 60;
  const maxTokens = 12;
  const sizes = fc.array(
    fc.record({
      sentBytes: fc.integer({ min: 6, max: 25 }),
      // Thirds and tenths, whose sums depend on their order.
      tokens: fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(0.1, 1 / 3, 2.7)),
    }),
    { maxLength: 80 },
  );
  const bounds = fc
    .record({ minRequests: fc.integer({ min: 1, max: 6 }), more: fc.nat({ max: 8 }) })
    .map(({ minRequests, more }) => ({ minRequests, maxRequests: minRequests + more }));
  const chunk = fc.integer({ min: 1, max: 90 });

  it("are cut within every limit, in order, whole, and the same however they arrive, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, bounds, chunk, chunk, async (sizes, bounds, one, other) => {
        const limits = { ...bounds, maxBytes, maxTokens };
        const outcome = (chunk: number) =>
          cut(sizes, limits, chunk).catch((error: unknown) => {
            if (LangBatchError.is(error, "invalid_request")) return error.message;
            throw error;
          });
        const shards = await outcome(one);
        expect(await outcome(other)).toEqual(shards);
        if (typeof shards === "string") {
          expect(bounds.minRequests).toBeGreaterThan(1);
          return;
        }
        expect(shards.flat()).toEqual(sizes.map((_, index) => index));
        for (const shard of shards) {
          const total = (of: keyof Size) =>
            shard.reduce((sum, index) => sum + (sizes[index]?.[of] ?? 0), 0);
          expect(shard.length).toBeLessThanOrEqual(bounds.maxRequests);
          expect(total("sentBytes")).toBeLessThanOrEqual(maxBytes);
          expect(total("tokens")).toBeLessThanOrEqual(maxTokens);
          expect(shard.length).toBeGreaterThanOrEqual(Math.min(bounds.minRequests, sizes.length));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are never refused where twice the minimum fits in a shard, less one", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 6 }), chunk, async (sizes, min, chunk) => {
        const most = 2 * min - 1;
        const limits = { minRequests: min, maxRequests: most, maxBytes: 25 * most };
        await expect(cut(sizes, limits, chunk)).resolves.toBeDefined();
      }),
      { numRuns: 200 },
    );
  });

  it("are cut as full as the limits let them be where the provider has no minimum", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 9 }), chunk, async (sizes, most, chunk) => {
        const expected: number[][] = [];
        let [bytes, tokens] = [0, 0];
        for (const [index, size] of sizes.entries()) {
          const last = expected.at(-1);
          bytes += size.sentBytes;
          tokens += size.tokens;
          if (last && last.length < most && bytes <= maxBytes && tokens <= maxTokens) {
            last.push(index);
          } else {
            expected.push([index]);
            ({ sentBytes: bytes, tokens } = size);
          }
        }
        expect(await cut(sizes, { maxRequests: most, maxBytes, maxTokens }, chunk)).toEqual(
          expected,
        );
      }),
      { numRuns: 200 },
    );
  });
});
