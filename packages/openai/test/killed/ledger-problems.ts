import type { FakeJob } from "@langbatch/testing";
import type { ScriptOutput } from "./script-settings.js";

/** What must be true of one batch, whatever happened to the script. */
export interface Expected {
  /** The custom_ids, in input order, and the answer that belongs to each. */
  readonly answers: ReadonlyMap<string, string>;
  readonly shards: number;
}

/** What the server has done, and what the script got. */
export interface Happened {
  readonly jobs: readonly FakeJob[];
  /** The custom_id of every request that the server has taken on, as often as it has. */
  readonly paid: readonly string[];
  readonly output: ScriptOutput;
}

/** What went wrong in one run, by what it costs. */
export interface Problems {
  /** Jobs beyond one for each shard. */
  readonly duplicates: readonly string[];
  /** Requests that were paid for never, or more than once. */
  readonly payments: readonly string[];
  /** Results that are missing, doubled, misplaced or another request's. */
  readonly results: readonly string[];
}

/** Compares the server's ledger and the script's results with what they must be. */
export function ledgerProblems(expected: Expected, { jobs, paid, output }: Happened): Problems {
  const tags = jobs.map((job) => job.metadata.langbatch ?? `no tag on ${job.id}`);
  const some = tags.slice(0, 12).join(" ");
  const byShard = countEach(tags.map((tag) => tag.replace(/-\d+$/, "")));
  const duplicates = [...byShard]
    .filter(([, count]) => count !== 1)
    .map(([shard, count]) => `${count} jobs of ${shard}: ${some}`);
  if (byShard.size !== expected.shards) {
    duplicates.push(`Jobs of ${byShard.size} and not ${expected.shards} shards: ${some}`);
  }

  const payments = countEach(paid);
  const wanted = [...expected.answers.keys()];
  const strangers = [...payments.keys()].filter((id) => !expected.answers.has(id));
  const badPayments = [...wanted, ...strangers].filter(
    (id) => payments.get(id) !== (expected.answers.has(id) ? 1 : undefined),
  );

  const results = output.unsuccessful.map(({ id, code }) => `${id} has no answer: ${code}`);
  for (const { id, text } of output.successful) {
    if (text !== expected.answers.get(id)) results.push(`${id} has another answer: ${text}`);
  }
  const got = output.successful.map(({ id }) => id).join(" ");
  if (got !== wanted.join(" ")) results.push(`Results of ${got}, and not ${wanted.join(" ")}`);

  return {
    duplicates,
    payments: badPayments.map((id) => `${id} was paid for ${payments.get(id) ?? 0} times`),
    results,
  };
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
