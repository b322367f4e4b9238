import type { ProviderTraits } from "@langbatch/core";
import { expect } from "vitest";
import type { CheckedLine } from "../../src/plan/check-line.js";
import { cutShards } from "../../src/plan/cut-shards.js";
import { type JobLimits, planLimits } from "../../src/plan/limits.js";

/** One line of a test: how long it is as it is sent, its end included, and what it costs. */
export interface Size {
  readonly sentBytes: number;
  readonly tokens: number;
}

/** The limits of a test, where they are others than it has anyway. */
export type Bounds = Partial<Pick<ProviderTraits, "minRequests" | "maxRequests" | "maxBytes">> &
  JobLimits;

export function checkedLine({ sentBytes, tokens }: Size, index: number): CheckedLine {
  const text = String(index).padEnd(sentBytes - 1, ".");
  return {
    line: { number: index + 1, bytes: Buffer.from(text), length: text.length },
    customId: `id ${index}`,
    model: "m",
    hasShortUrl: false,
    isEncoded: false,
    sentBytes,
    tokens,
    earlierLine: undefined,
  };
}

async function* inChunks(lines: readonly CheckedLine[], chunk: number) {
  for (let from = 0; from < lines.length; from += chunk) yield lines.slice(from, from + chunk);
}

/** The cut: the indices of each shard's lines, as their stored bytes say. */
export async function cut(
  sizes: readonly Size[],
  { minRequests = 1, maxRequests = 1000, maxBytes = 1_000_000, maxTokens }: Bounds,
  chunk = 7,
): Promise<readonly (readonly number[])[]> {
  const traits = {
    minRequests,
    maxRequests,
    maxBytes,
    recovery: "search",
    oneModel: true,
  } as const;
  const limits = planLimits(traits, maxTokens === undefined ? {} : { maxTokens });
  const stored: number[][] = [];
  const planned = await cutShards(
    inChunks(sizes.map(checkedLine), chunk),
    limits,
    "Line",
    async (shard, bytes) => {
      let text = "";
      for await (const some of bytes) text += Buffer.from(some).toString();
      stored[shard] = text.split("\n").slice(0, -1).map(Number.parseFloat);
      return { bytes: text.length, sha256: "" };
    },
  );
  let firstOrdinal = 0;
  for (const [shard, indices] of stored.entries()) {
    const bytes = indices.reduce((sum, index) => sum + (sizes[index]?.sentBytes ?? 0), 0);
    const requests = indices.length;
    expect(planned[shard]).toMatchObject({ shard, firstOrdinal, requests, bytes });
    firstOrdinal += requests;
  }
  expect(planned).toHaveLength(stored.length);
  return stored;
}
