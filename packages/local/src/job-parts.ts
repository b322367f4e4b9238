import type { Gate } from "./gate.js";
import type { LocalOptions, LocalPorts } from "./local-options.js";
import type { Answer, Ask } from "./question.js";
import type { Verdict } from "./verdict.js";

/** Whom a job asks, and how. */
export interface JobParts {
  readonly ask: Ask;
  /** What an answer means. */
  judge(answer: Answer): Verdict;
  /** May be shared by several jobs that run at the same time. */
  readonly gate: Gate;
  readonly options: RunOptions;
  readonly ports: LocalPorts;
}

/** What of the options a run reads. */
export type RunOptions = Pick<
  LocalOptions,
  "timeoutMs" | "retries" | "tokensPerMinute" | "groupByPrefix"
>;
