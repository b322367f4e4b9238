import { ambiguousError } from "../engine/ambiguous.js";
import type { EngineContext, Shard } from "../engine/context.js";
import { settledAt } from "../engine/next-step.js";
import { runsHere } from "../engine/runs-here.js";
import {
  type HomeJob,
  isHome,
  type JobRecord,
  type SubmittedJob,
  type UnknownJob,
} from "./records.js";

/** What a job's record means and what follows from it, in sentences for a person. */
export function explainJob(
  engine: Pick<EngineContext, "id" | "provider">,
  shard: Pick<Shard, "round" | "shard">,
  job: JobRecord,
): string {
  if (isHome(job)) return explainHome(job);
  switch (job.state) {
    case "planned":
      return job.cancelRequested
        ? "It was cancelled before it was sent."
        : "It was not sent yet. start() or wait() sends it.";
    case "uploaded":
      if (job.cancelRequested) return "It was cancelled before it was created.";
      return job.waiting
        ? `The provider had no room: ${job.waiting.message} start() or wait() asks again from ${time(job.notBefore ?? 0)} on.`
        : "Its input is at the provider, and no job was created yet. start() or wait() creates it.";
    case "creating":
      return `A process is about to create it, or has died doing so. If nothing is recorded by ${time(job.sendBy)}, it is looked for.`;
    case "unknown":
      return explainUnknown(job);
    case "ambiguous":
      return ambiguousError(engine, shard, job).message;
    case "rejected":
      return `It was not created: ${job.refusal.message} start() asks again.`;
    case "submitted":
      if (runsHere(engine.provider)) return explainRun(job);
      if (job.provisional) return explainProvisional(job.job.id, job.cancelRequested ?? false);
      return job.cancelRequested
        ? "It was asked to stop; what is answered by then comes home."
        : "It runs at the provider.";
    case "terminal":
      return job.shortReads > 0
        ? `It ended as ${job.job.status}; its results came incomplete and are fetched again from ${time(job.notBefore ?? 0)} on.`
        : `It ended as ${job.job.status}; its results are not home yet.${explainKeeping(job.job.collectBy)}`;
    case "moved":
      return "The batch lives in another storage.";
  }
}

function explainRun({ lease, cancelRequested }: JobRecord & SubmittedJob): string {
  if (!lease) return "Nobody runs it. wait() does, or goes on where it stood.";
  const who = "A process of ours runs it, or has died doing so: then wait() goes on with it";
  return `${who} after ${lease.leaseMs / 1000} s without a sign of life.${cancelRequested ? " It was asked to stop." : ""}`;
}

function explainKeeping(collectBy: number | undefined): string {
  return collectBy === undefined ? "" : ` The provider keeps them until ${time(collectBy)}.`;
}

function explainProvisional(jobId: string, isCancelled: boolean): string {
  const taken = `The answer to its creation is lost, and ${jobId} was taken for it, which alone has as many requests. Its results say whether it is; if not, it is looked for again.`;
  return isCancelled ? `${taken} Until then it is not asked to stop.` : taken;
}

function explainHome({ state, job, results }: HomeJob): string {
  const { missing } = results.counts;
  const home = `It ended as ${job.status}, and every request has its result here.`;
  const lost = missing > 0 ? ` The provider's results say nothing about ${missing} of them.` : "";
  return `${home}${lost}${state === "cleaned" ? " The provider keeps nothing of it." : ""}`;
}

function explainUnknown(job: UnknownJob): string {
  const sent = `A create was sent at ${time(job.since)}, or was about to be, and its answer is lost.`;
  const until = time(settledAt(job, job.looking?.[0]?.since ?? job.since));
  const next = job.fenced
    ? "Its input is deleted, so that it cannot come to be any more."
    : "It is looked for at the provider.";
  return `${sent} ${next} If it does not show until ${until}, start() and wait() go on as if it was never sent.`;
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
