import type { JobReport } from "@langbatch/core";
import type { Answered } from "./answered.js";
import { openLatencies } from "./latencies.js";

/** What a run has shown so far. */
export interface Tally {
  /** A request was sent. */
  sent(): void;
  /** One is to be sent again: it was told to come later, or for another reason. */
  again(isToldSo: boolean): void;
  /** An answer has come that is kept. */
  answered(latencyMs: number): void;
  /** @param concurrency - how many may be on their way at present. */
  report(now: number, concurrency: number): JobReport;
}

/**
 * Counts what a run does from `startedAt` on.
 *
 * @param answered - what is durable of the job: what is in it by now was there before the run.
 */
export function openTally(answered: Answered, startedAt: number): Tally {
  const latencies = openLatencies();
  const doneBefore = doneOf(answered);
  const tokensBefore = answered.usage?.total_tokens ?? 0;
  let sent = 0;
  let rateLimited = 0;
  let retried = 0;

  return {
    sent() {
      sent += 1;
    },
    again(isToldSo) {
      if (isToldSo) rateLimited += 1;
      else retried += 1;
    },
    answered: latencies.add,
    report(now, concurrency) {
      const runningMs = now - startedAt;
      const { usage } = answered;
      const latencyMs = latencies.percentiles;
      const perSecond = (count: number) => (count / runningMs) * 1000;
      return {
        ...(usage && {
          usage: {
            promptTokens: usage.prompt_tokens,
            completionTokens: usage.completion_tokens ?? 0,
            totalTokens: usage.total_tokens,
          },
        }),
        ...(latencyMs && { latencyMs }),
        ...(runningMs > 0 && { requestsPerSecond: perSecond(doneOf(answered) - doneBefore) }),
        ...(runningMs > 0 &&
          usage && { tokensPerSecond: perSecond(usage.total_tokens - tokensBefore) }),
        sent,
        rateLimited,
        retried,
        runningMs: Math.round(runningMs),
        concurrency,
      };
    },
  };
}

function doneOf({ completed, failed }: Answered): number {
  return completed + failed;
}
