import type { PlannedShard } from "../batch/records.js";
import { lineBlock } from "../jsonl/line-block.js";
import type { ProviderTraits } from "../provider/provider.js";
import type { CheckedLine } from "./check-line.js";

/** Stores one shard's bytes, and says what was stored. */
type StoreShard = (
  shard: number,
  bytes: AsyncIterable<Uint8Array>,
) => Promise<{ readonly bytes: number; readonly sha256: string }>;

/**
 * Cuts the lines into shards within the provider's limits, in their order, and stores each as it
 * goes: what is held in memory is one block of lines.
 */
export async function cutShards(
  lines: AsyncIterable<readonly CheckedLine[]>,
  traits: Pick<ProviderTraits, "maxRequests" | "maxBytes">,
  urlGrowth: number,
  store: StoreShard,
): Promise<readonly PlannedShard[]> {
  const source = lines[Symbol.asyncIterator]();
  let some: readonly CheckedLine[] = [];
  let at = 0;

  async function hasMore(): Promise<boolean> {
    while (at >= some.length) {
      const next = await source.next();
      if (next.done) return false;
      some = next.value;
      at = 0;
    }
    return true;
  }

  async function* fill(shard: OpenShard): AsyncGenerator<Uint8Array> {
    const block = lineBlock();
    while (await hasMore()) {
      for (let checked = some[at]; checked; checked = some[at]) {
        const sentBytes = checked.line.bytes.length + 1 + (checked.hasShortUrl ? urlGrowth : 0);
        if (isFull(shard, sentBytes, traits)) {
          yield block.take();
          return;
        }
        add(shard, checked, sentBytes);
        block.add(checked.line.bytes);
        at += 1;
        if (block.isFull) yield block.take();
      }
    }
    yield block.take();
  }

  const shards: PlannedShard[] = [];
  let firstOrdinal = 0;
  try {
    while (await hasMore()) {
      const open: OpenShard = { requests: 0, sentBytes: 0, shortUrls: 0, model: undefined };
      const stored = await store(shards.length, fill(open));
      const { requests, shortUrls, model } = open;
      const shard = shards.length;
      shards.push({
        shard,
        firstOrdinal,
        requests,
        ...stored,
        shortUrls,
        ...(model !== undefined && { model }),
      });
      firstOrdinal += requests;
    }
  } finally {
    await source.return?.();
  }
  return shards;
}

/** A shard while it is filled. */
interface OpenShard {
  requests: number;
  sentBytes: number;
  shortUrls: number;
  /** The model of all its requests so far; `undefined` once they differ. */
  model: string | undefined;
}

function isFull(
  shard: OpenShard,
  nextBytes: number,
  { maxRequests, maxBytes }: Pick<ProviderTraits, "maxRequests" | "maxBytes">,
): boolean {
  if (shard.requests === 0) return false;
  return shard.requests >= maxRequests || shard.sentBytes + nextBytes > maxBytes;
}

function add(shard: OpenShard, { model, hasShortUrl }: CheckedLine, sentBytes: number): void {
  shard.model = shard.requests === 0 || shard.model === model ? model : undefined;
  shard.requests += 1;
  shard.sentBytes += sentBytes;
  if (hasShortUrl) shard.shortUrls += 1;
}
