import { jobTag } from "../../src/engine/tag.js";
import type { Job } from "../../src/index.js";
import { type AcceptedJob, acceptJob } from "./accepted-job.js";
import { type Conditions, epochMs } from "./conditions.js";
import type { Random } from "./random.js";

const hourMs = 3_600_000;

/** A job of other people that never ends, and shows where it came from. */
export function knownStranger(number: number, random: Random): Job {
  const createdAt = epochMs + random.between(-24 * hourMs, 0);
  // The first is of another batch of ours.
  const from = number === 0 ? { tag: jobTag("stranger", 0, 0, 1) } : { inputId: "file-stranger" };
  const id = `job-stranger-${number}`;
  return { id, status: "in_progress", rawStatus: "running", createdAt, ...from };
}

/**
 * A job of other people that shows nothing of where it came from until it ends, and may have as many
 * requests as one of ours.
 */
export function namelessStranger(
  number: number,
  conditions: Conditions,
  random: Random,
): AcceptedJob {
  const { requestsPerJob } = conditions;
  const requests = random.chance(0.8) ? requestsPerJob : requestsPerJob + 1;
  // Theirs are called as they like, or as another batch of ours calls them.
  const prefix = random.pick(["stranger-", "zzzzzzzzzzzzzzzzzzzzR0N"]);
  const sent = Array.from({ length: requests }, (_, at) => ({
    customId: `stranger-${at}`,
    wireId: `${prefix}${at}`,
  }));
  const ids = { id: `job-stranger-${number}`, tag: "", inputId: undefined };
  const acceptedAt = random.between(-24 * hourMs, 2 * hourMs);
  const job = acceptJob(ids, sent, acceptedAt, conditions, random);
  return { ...job, endsAt: acceptedAt + random.between(1_000, 5 * hourMs) };
}
