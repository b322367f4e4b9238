import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { cutShards } from "../../src/plan/cut-shards.js";
import { planLimits } from "../../src/plan/limits.js";
import { type Bounds, checkedLine, cut, type Size } from "./cut.js";

/** How many lines each shard gets. */
async function counts(requests: number, bounds: Bounds, size: Partial<Size> = {}) {
  const sizes = Array<Size>(requests).fill({ sentBytes: 10, tokens: 0, ...size });
  return (await cut(sizes, bounds)).map(({ length }) => length);
}

async function refusal(work: Promise<unknown>): Promise<LangBatchError> {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (LangBatchError.is(error)) return error;
  throw new Error(`It was cut, or failed with ${String(error)}.`);
}

describe("the cut", () => {
  it("fills each shard to the limit of requests, and not beyond", async () => {
    expect(await counts(9, { maxRequests: 10 })).toEqual([9]);
    expect(await counts(10, { maxRequests: 10 })).toEqual([10]);
    expect(await counts(11, { maxRequests: 10 })).toEqual([10, 1]);
  });

  it("fills each shard to the limit of bytes, and not beyond", async () => {
    expect(await counts(10, { maxBytes: 101 })).toEqual([10]);
    expect(await counts(10, { maxBytes: 100 })).toEqual([10]);
    expect(await counts(10, { maxBytes: 99 })).toEqual([9, 1]);
  });

  it("fills each shard to the limit of tokens, and not beyond", async () => {
    expect(await counts(10, { maxTokens: 31 }, { tokens: 3 })).toEqual([10]);
    expect(await counts(10, { maxTokens: 30 }, { tokens: 3 })).toEqual([10]);
    expect(await counts(10, { maxTokens: 29 }, { tokens: 3 })).toEqual([9, 1]);
  });

  it("of nothing is nothing", async () => {
    expect(await counts(0, {})).toEqual([]);
    expect(await counts(0, { minRequests: 3 })).toEqual([]);
  });
});

describe("where a provider takes no fewer than some requests", () => {
  it("the last shard gets exactly so many, at the cost of the one before", async () => {
    const bounds = { minRequests: 100, maxRequests: 50_000 };
    expect(await counts(50_003, bounds)).toEqual([49_903, 100]);
    expect(await counts(50_099, bounds)).toEqual([49_999, 100]);
    expect(await counts(100_001, bounds)).toEqual([50_000, 49_901, 100]);
  });

  it("nothing changes where the last shard has enough by itself", async () => {
    const bounds = { minRequests: 100, maxRequests: 50_000 };
    expect(await counts(50_000, bounds)).toEqual([50_000]);
    expect(await counts(50_100, bounds)).toEqual([50_000, 100]);
    expect(await counts(50_101, bounds)).toEqual([50_000, 101]);
  });

  it("the last shard has exactly so many whichever limit the one before meets", async () => {
    expect(await counts(12, { minRequests: 4, maxBytes: 100 })).toEqual([8, 4]);
    expect(await counts(12, { minRequests: 4, maxTokens: 30 }, { tokens: 3 })).toEqual([8, 4]);
  });

  it("fewer in the whole input are one shard, about which others decide", async () => {
    expect(await counts(2, { minRequests: 3 })).toEqual([2]);
    expect(await counts(3, { minRequests: 3 })).toEqual([3]);
  });

  it("a rest that is too much for one shard and too little for two is refused", async () => {
    const error = await refusal(counts(22, { minRequests: 8, maxRequests: 10 }));
    expect(error).toMatchObject({
      code: "invalid_request",
      line: 11,
      total: 1,
      problems: [{ line: 11, customId: "id 10", code: "too_few_requests" }],
    });
    expect(error.message).toBe(
      "Nothing was sent. Line 11: from here to the end there are 12 requests: too many for one job, because of the provider's limit of 10 requests, and too few for two; this provider takes no fewer than 8 in a job. Add requests, or leave some out.",
    );
  });

  it("a shard that is full before it has so many is refused, with the limit that fills it", async () => {
    const bounds = { minRequests: 8, maxRequests: 10 };
    const bytes = await refusal(counts(100, { ...bounds, maxBytes: 79 }));
    expect(bytes).toMatchObject({ code: "invalid_request", line: 1 });
    expect(bytes.message).toContain(
      "is full after 7 requests, because of the provider's limit of 79",
    );
    const tokens = await refusal(counts(100, { ...bounds, maxTokens: 1 }, { tokens: 1 }));
    expect(tokens.message).toContain("is full after 1 request, because of `maxTokensPerJob` (1)");
    expect(tokens.message).toContain("Raise the option");
    // Also where so many are all there is.
    expect(await refusal(counts(8, { ...bounds, maxBytes: 79 }))).toMatchObject({ line: 1 });
  });

  it("what is wrong with later lines is said before that", async () => {
    async function* lines() {
      const sizes = Array<Size>(50).fill({ sentBytes: 10, tokens: 0 });
      yield sizes.map(checkedLine);
      throw new LangBatchError("invalid_request", "The last line is bad.");
    }
    const traits = { minRequests: 8, maxRequests: 10, maxBytes: 79 };
    const limits = planLimits({ ...traits, recovery: "search", oneModel: true });
    const drain = async (_shard: number, bytes: AsyncIterable<Uint8Array>) => {
      for await (const _ of bytes);
      return { bytes: 0, sha256: "" };
    };
    const error = await refusal(cutShards(lines(), limits, "Line", drain));
    expect(error.message).toBe("The last line is bad.");
  });
});
