import { LangBatchError } from "../errors.js";
import type { BatchProvider, CallContext, Job } from "../provider/provider.js";
import { batchTag } from "./tag.js";

/** What the provider's list of jobs showed. */
interface Listing {
  /** When it was begun, in milliseconds since 1970 by our clock. */
  readonly at: number;
  /** The jobs that may be this batch's: with its tag, or with none. */
  readonly jobs: readonly Job[];
  /** Why others may be left out; absent where the list is complete. */
  readonly gap?: string;
}

/** Reads the provider's list, once for all shards that ask at about the same time. */
export interface Listings {
  /**
   * A list of the jobs created at or after `since`, by our clock, and begun at or after `notBefore`.
   *
   * @throws whatever the provider throws; then nothing is known.
   */
  read(
    wanted: { readonly since: number; readonly notBefore: number },
    context: CallContext,
  ): Promise<Listing>;
}

/** How far the provider's clock and ours may lie apart: both may be wrong by a day. */
const clockSkewMs = 2 * 86_400_000;

/** The list of one provider, as far as one batch may have jobs in it. */
export function openListings(provider: BatchProvider, nonce: string, now: () => number): Listings {
  let last: (Listing & { readonly since: number }) | undefined;
  return {
    async read({ since, notBefore }, context) {
      if (last && last.since <= since && last.at >= notBefore && last.at <= now()) return last;
      const listing = await readList(provider, nonce, { since, at: now() }, context);
      last = { ...listing, since };
      return last;
    },
  };
}

async function readList(
  provider: BatchProvider,
  nonce: string,
  { since, at }: { readonly since: number; readonly at: number },
  context: CallContext,
): Promise<Listing> {
  const tag = batchTag(nonce);
  const jobs: Job[] = [];
  try {
    for await (const job of provider.list({ since: since - clockSkewMs, tag }, context)) {
      if (job.tag === undefined || job.tag.startsWith(tag)) jobs.push(job);
    }
  } catch (error) {
    // What it did show may be what is looked for.
    if (LangBatchError.is(error, "incomplete_listing")) return { at, jobs, gap: error.message };
    throw error;
  }
  return { at, jobs };
}
