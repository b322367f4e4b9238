import { LangBatchError } from "../errors.js";
import { removePlan } from "../plan/plan.js";
import type { Job, ProviderTraits } from "../provider/provider.js";
import { writeRecord } from "../storage/record-store.js";
import type { Place } from "./place.js";
import { type JobRecord, jobKey, type RoundRecord } from "./records.js";

/** The limits under which any input is one shard: that of a job that exists. */
export const oneJob: Pick<ProviderTraits, "minRequests" | "maxRequests" | "maxBytes" | "oneModel"> =
  {
    minRequests: 1,
    maxRequests: Number.POSITIVE_INFINITY,
    maxBytes: Number.POSITIVE_INFINITY,
    oneModel: false,
  };

/**
 * Records the job before the round that counts it: a shard without a record would be sent.
 *
 * @throws `wrong_input` where the job has another number of requests.
 */
export async function recordAdopted(
  { id, storage, ports }: Place,
  { round, requests }: RoundRecord,
  job: Job,
): Promise<void> {
  const total = job.requests ?? job.counts?.total;
  // Zero is also what some services say before they have counted.
  if (total !== undefined && total !== 0 && total !== requests) {
    await removePlan(storage, { id, round, shards: 1 });
    throw new LangBatchError(
      "wrong_input",
      `The job ${job.id} has ${total} requests, but its input has ${requests}. Pass the \`file\` it was made from.`,
    );
  }
  const record: JobRecord = { tries: 1, adopted: true, state: "submitted", job };
  const options = { expected: null, writeId: ports.newId() };
  await writeRecord(storage, jobKey(id, round, 0), record, options);
}
