import type { JobRecord } from "../batch/records.js";
import { startStopwatch } from "./clock.js";
import type { EngineContext, Shard } from "./context.js";
import { nextStep, type Step } from "./next-step.js";
import { type ActiveStep, type Hands, perform } from "./perform.js";
import { readJob, record } from "./record.js";
import { recordCreated } from "./record-created.js";
import { type OpenedInput, openInput } from "./shard-input.js";

/** Where a job stands, and what it waits for. */
export interface Standing {
  readonly job: JobRecord;
  /** The record as it was read at first. */
  readonly found: JobRecord;
  /** The step that was not taken: the caller does not want it, or time must pass first. */
  readonly step: Step;
}

/** The steps that send a shard, and those that bring it home. */
export type StepName = ActiveStep["do"];

/**
 * The one loop: read the record, see what follows from it, do that, record what came of it; again,
 * until the next step is none of `allowed`. It may die at any line: the next run reads the record and
 * goes on.
 *
 * @throws `signal.reason` once aborted, but never between a recorded intention and its create.
 */
export async function run(
  engine: EngineContext,
  shard: Shard,
  allowed: ReadonlySet<StepName>,
  signal?: AbortSignal,
): Promise<Standing> {
  let opened: OpenedInput | undefined;
  let sinceIntention: (() => number) | undefined;
  const hands: Hands = {
    openInput: async () => (opened ??= await openInput(engine, shard)),
    sinceIntention: () => sinceIntention?.(),
  };
  try {
    let stored = await readJob(engine, shard);
    const found = stored.value;
    for (;;) {
      const step = nextStep(stored.value, engine.life, engine.now());
      if (!isAllowed(step, allowed)) return { found, job: stored.value, step };
      if (step.do !== "create") signal?.throwIfAborted();
      if (step.do === "intend") sinceIntention = startStopwatch(engine.ports);
      const outcome = await perform(engine, shard, step, stored.value, hands, signal);
      stored =
        outcome.came === "created"
          ? await recordCreated(engine, shard, stored, outcome.job)
          : await record(engine, shard, stored, outcome);
    }
  } finally {
    await opened?.close();
  }
}

function isAllowed(step: Step, allowed: ReadonlySet<string>): step is ActiveStep {
  return allowed.has(step.do);
}
