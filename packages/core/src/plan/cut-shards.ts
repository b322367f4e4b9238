import type { PlannedShard } from "../batch/records.js";
import { lineBlock } from "../jsonl/line-block.js";
import type { CheckedLine, InputNoun } from "./check-line.js";
import { keepLast } from "./keep-last.js";
import type { JobLimits, PlanLimits } from "./limits.js";
import { tooFewError } from "./too-few-error.js";

/** Stores one shard's bytes, and says what was stored. */
type StoreShard = (
  shard: number,
  bytes: AsyncIterable<Uint8Array>,
) => Promise<{ readonly bytes: number; readonly sha256: string }>;

/**
 * Cuts the lines into shards within the limits, in their order, and stores each as it goes. A shard
 * is as full as the limits let it be, except the one before the last: where what follows it would be
 * too little for the provider, it leaves it exactly the least that the provider takes.
 *
 * What is held in memory is one block of lines and, where the provider wants more than one request in
 * a job, the chunks of the input that the last `minRequests` lines lie in.
 *
 * @throws `invalid_request` where a shard would have fewer requests than the provider takes. Where
 * fewer than twice as many as that fit in a shard, another cut might have been possible, of lines
 * that were cut already.
 */
export async function cutShards(
  lines: AsyncIterable<readonly CheckedLine[]>,
  limits: PlanLimits,
  noun: InputNoun,
  store: StoreShard,
): Promise<readonly PlannedShard[]> {
  const { minRequests } = limits;
  /** The last lines, once they are known to be the last; there are `minRequests` of them. */
  let last: readonly CheckedLine[] | undefined;
  const kept =
    minRequests > 1
      ? keepLast(lines, minRequests, (found) => {
          last = found;
        })
      : lines;
  const source = kept[Symbol.asyncIterator]();
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
      // The last lines go together, here or into a shard of their own.
      const isLast = some === last && at === 0;
      let limit = isLast ? limitAmong(some, shard, limits) : undefined;
      for (let checked = some[at]; checked && !limit; checked = some[at]) {
        limit = limitAt(checked, shard, limits);
        if (limit) break;
        add(shard, checked);
        block.add(checked.line.bytes);
        at += 1;
        if (block.isFull) yield block.take();
      }
      if (limit) {
        if (shard.requests < minRequests) await refuse(shard, limit, isLast ? some.length : 0);
        break;
      }
    }
    yield block.take();
  }

  /** Refuses a shard that would end too early, `left` requests before the end where that is known. */
  async function refuse(shard: OpenShard, limit: Limit, left: number): Promise<never> {
    // What is wrong with lines that are not read yet comes first, wherever the input's chunks end.
    for (let next = await source.next(); !next.done; next = await source.next());
    throw tooFewError({ ...shard, limit, left }, limits, noun);
  }

  const shards: PlannedShard[] = [];
  let firstOrdinal = 0;
  try {
    while (await hasMore()) {
      const first = some[at];
      if (!first) break;
      const open: OpenShard = {
        ...{ first, requests: 0, sentBytes: limits.frameBytes },
        ...{ tokens: 0, shortUrls: 0, encoded: 0 },
        model: first.model,
      };
      const stored = await store(shards.length, fill(open));
      const { requests, shortUrls, encoded, model } = open;
      const shard = shards.length;
      shards.push({
        shard,
        firstOrdinal,
        requests,
        ...stored,
        shortUrls,
        ...(encoded > 0 && { encoded }),
        ...(model !== undefined && { model }),
      });
      firstOrdinal += requests;
    }
  } finally {
    await source.return?.();
  }
  return shards;
}

/** What ends a shard. */
type Limit = keyof JobLimits;

/** A shard while it is filled. */
interface OpenShard {
  readonly first: CheckedLine;
  requests: number;
  sentBytes: number;
  tokens: number;
  shortUrls: number;
  encoded: number;
  /** The model of all its requests so far; `undefined` once they differ. */
  model: string | undefined;
}

/** The limit by which the line does not fit in the shard. A line always fits in an empty one. */
function limitAt(
  { sentBytes, tokens }: CheckedLine,
  shard: Pick<OpenShard, "requests" | "sentBytes" | "tokens">,
  { maxRequests, maxBytes, maxTokens }: PlanLimits,
): Limit | undefined {
  if (shard.requests === 0) return undefined;
  if (shard.requests >= maxRequests) return "maxRequests";
  if (shard.sentBytes + sentBytes > maxBytes) return "maxBytes";
  return shard.tokens + tokens > maxTokens ? "maxTokens" : undefined;
}

/** The limit by which the lines do not all fit in the shard. */
function limitAmong(
  lines: readonly CheckedLine[],
  shard: OpenShard,
  limits: PlanLimits,
): Limit | undefined {
  // One after the other, as they would be added: fractions of tokens add up differently otherwise.
  const filled = { ...shard };
  for (const line of lines) {
    const limit = limitAt(line, filled, limits);
    if (limit) return limit;
    add(filled, line);
  }
  return undefined;
}

function add(shard: OpenShard, line: CheckedLine): void {
  const { sentBytes, tokens, model, hasShortUrl, isEncoded } = line;
  if (shard.model !== model) shard.model = undefined;
  shard.requests += 1;
  shard.sentBytes += sentBytes;
  shard.tokens += tokens;
  if (hasShortUrl) shard.shortUrls += 1;
  if (isEncoded) shard.encoded += 1;
}
