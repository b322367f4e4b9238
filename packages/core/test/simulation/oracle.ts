import { parseTag } from "../../src/engine/tag.js";
import type { BatchResults, ChatCompletions } from "../../src/index.js";
import { type AcceptedJob, inputDeleted, isBilled } from "./accepted-job.js";
import { scripts } from "./conditions.js";
import { customIds } from "./life.js";
import { secret, type World } from "./world.js";

type Results = BatchResults<ChatCompletions>;

/** How the failures of the simulated provider's answers are called. */
const codesOfAnswers: ReadonlySet<string> = new Set(["bad_request", "again"]);

/**
 * What must hold at the end of every schedule, by the provider's ledger and by what each process got
 * that finished. The first invariant that is broken, in words; `undefined` where all hold.
 */
export function brokenInvariant(world: World, finished: readonly Results[]): string | undefined {
  return (
    world.stuck ??
    duplicate(world.service.ledger) ??
    (finished.length < scripts(world.conditions) ? "A process has not finished." : undefined) ??
    wrongResults(world, finished) ??
    askedAgain(world) ??
    tooMany(world) ??
    ownDeed(world) ??
    unwantedCancel(world) ??
    leak(world)
  );
}

/** At most one billed job for each request of a round. Those that failed as a whole ran nothing. */
function duplicate(ledger: readonly AcceptedJob[]): string | undefined {
  const jobOf = new Map<string, string>();
  for (const job of ledger.filter(isBilled)) {
    for (const customId of job.customIds) {
      const key = `${roundOf(job)} ${customId}`;
      const other = jobOf.get(key);
      if (other !== undefined)
        return `Duplicate: ${customId} is in the jobs ${other} and ${job.id} of one round, and both are billed.`;
      jobOf.set(key, job.id);
    }
  }
  return undefined;
}

function roundOf({ tag }: AcceptedJob): number {
  const parsed = parseTag(tag);
  if (!parsed) throw new TypeError(`${tag} is none of our tags.`);
  return parsed.round;
}

/** A success is never asked for again; nor, unless the user wants that, what can never work. */
function askedAgain({ service: { ledger }, conditions, occurred }: World): string | undefined {
  // A stray line may have told something else than the answer.
  const mayRepeatFailures = conditions.retriesByHand || occurred.has("results: strays");
  for (const job of ledger.filter(isBilled)) {
    for (const [customId, { isSuccess }] of job.answers) {
      const later = ledger.find(
        (other) => roundOf(other) > roundOf(job) && other.customIds.includes(customId),
      );
      if (later && (isSuccess || !mayRepeatFailures)) {
        return `Asked again: ${job.id} answered ${customId}, and it is in ${later.id}, too.`;
      }
    }
  }
  return undefined;
}

/** More rounds than the user wants, or more active jobs. */
function tooMany({ service, conditions }: World): string | undefined {
  const { retries, retriesByHand, processes, maxActiveJobs } = conditions;
  const rounds = new Set(service.ledger.map(roundOf)).size;
  // Each life may come to the user's own retry.
  if (!retriesByHand && rounds > 1 + retries) return `There are ${rounds} rounds.`;
  // Two processes may count at the same moment.
  return service.mostActive > processes * maxActiveJobs
    ? `There were ${service.mostActive} active jobs.`
    : undefined;
}

/**
 * The job whose answer counts: that of the first round with a success, else of the last one; of a
 * round, the billed one; where there is none, the last that failed.
 */
function jobFor(customId: string, ledger: readonly AcceptedJob[]): AcceptedJob | undefined {
  const jobs = ledger.filter(({ customIds: ids }) => ids.includes(customId));
  const rounds = [...new Set(jobs.map(roundOf))].toSorted((a, b) => a - b);
  const counting = rounds.map((round) => {
    const ofRound = jobs.filter((job) => roundOf(job) === round);
    return ofRound.find(isBilled) ?? ofRound.at(-1);
  });
  return counting.find((job) => job?.answers.get(customId)?.isSuccess) ?? counting.at(-1);
}

/**
 * A job that failed because its input was deleted is not what the user gets: it is created again. Of
 * two processes, one may wake up and delete the input of a job that the other has found meanwhile.
 */
function ownDeed({ service: { ledger }, conditions }: World): string | undefined {
  if (conditions.processes > 1 || ledger.some(isBilled)) return undefined;
  const job = ledger.find(({ failure }) => failure?.code === inputDeleted);
  const isTheOnlyEnd = job && ledger.every(({ failure }) => failure?.code === inputDeleted);
  return isTheOnlyEnd ? `Given up: ${job.id} failed because we deleted its input.` : undefined;
}

function wrongResults(
  { service, conditions }: World,
  finished: readonly Results[],
): string | undefined {
  const ids = customIds(conditions.requests);
  for (const results of finished) {
    for (const customId of ids) {
      const job = jobFor(customId, service.ledger);
      const wrong = job ? wrongResult(customId, job, results) : `${customId} was never sent.`;
      if (wrong !== undefined) return wrong;
    }
    if (results.successful.length + results.unsuccessful.length !== ids.length) {
      return "There are more results than requests.";
    }
    if (!isInOrder(results.successful) || !isInOrder(results.unsuccessful)) {
      return "The results are not in input order.";
    }
  }
  return undefined;
}

function wrongResult(customId: string, job: AcceptedJob, results: Results): string | undefined {
  const isIts = ({ custom_id }: { readonly custom_id: string }) => custom_id === customId;
  const successes = results.successful.filter(isIts);
  const failures = results.unsuccessful.filter(isIts);
  if (successes.length + failures.length !== 1) {
    return `${customId} has ${successes.length + failures.length} results.`;
  }
  if (job.failure?.kind === "quota" || job.failure?.kind === "account") {
    return `Given up: ${customId} is in ${job.id}, for which there was no room, and in no later job.`;
  }
  const answer = job.answers.get(customId);
  const [success] = successes;
  const [failure] = failures;
  if (success) {
    return answer?.isSuccess && JSON.stringify(success) === answer.line
      ? undefined
      : `Invented: ${customId} has the success ${JSON.stringify(success)}, but ${job.id} answered ${answer?.line}.`;
  }
  if (!answer) return undefined;
  return answer.isSuccess || !codesOfAnswers.has(failure?.error.code ?? "")
    ? `Lost: ${job.id} answered ${customId}, but its result is ${JSON.stringify(failure)}.`
    : undefined;
}

export function isInOrder(results: readonly { readonly custom_id: string }[]): boolean {
  return results.every(({ custom_id }, at) => {
    const before = results[at - 1];
    return !before || before.custom_id < custom_id;
  });
}

function unwantedCancel({ service }: World): string | undefined {
  const [id] = service.cancels;
  return id === undefined ? undefined : `Nobody wished to cancel ${id}.`;
}

export function leak({ disk, said }: World): string | undefined {
  const [key] = disk.leaks;
  if (key !== undefined) return `The secret was stored in ${key}.`;
  const line = said.find((text) => text.includes(secret));
  return line === undefined ? undefined : `The secret was said: ${line}`;
}
