import type { Job } from "../provider/provider.js";
import type { EngineContext, Shard } from "./context.js";
import { readJob, record } from "./record.js";

/**
 * Why a run was stopped: it was asked to, its job was cancelled, or it may be that another process has it,
 * because a sign of life came too late or not at all.
 */
type StopReason = "asked" | "cancelled" | "lost";

/** A lease that is renewed. */
export interface KeptLease {
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  /** Ends the renewing. @returns why the run was stopped, where it was. */
  stop(): Promise<StopReason | undefined>;
}

/** What is renewed, and until when. */
export interface LeaseOptions {
  /** When taking it began. */
  readonly since: number;
  /** Aborted when the run shall stop. */
  readonly signal: AbortSignal;
  /** How far the job has come. */
  readonly latest: () => Job;
}

/** How many signs of life a watcher may miss. */
const beatsPerLease = 3;

/**
 * Shows every third of its time that this run of the engine still has a job, and how far it has come,
 * until the run has ended; and sees whether it still should.
 */
export function keepLease(
  engine: EngineContext,
  shard: Shard,
  { since, signal, latest }: LeaseOptions,
): KeptLease {
  const { ports, now, life, leaseMs } = engine;
  const run = new AbortController();
  const end = new AbortController();
  let why: StopReason | undefined;

  function stopRun(reason: StopReason, error: unknown): void {
    why ??= reason;
    run.abort(error);
  }

  const onAbort = () => stopRun("asked", signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });

  async function beat(): Promise<void> {
    const stored = await readJob(engine, shard);
    const { value } = stored;
    if (value.state !== "submitted" || value.lease?.life !== life) {
      stopRun("lost", new Error("Another process runs the job."));
      return;
    }
    if (value.cancelRequested) stopRun("cancelled", new Error("The job was cancelled."));
    // Also while it stops: what is on its way is waited for.
    await record(engine, shard, stored, { came: "renewed", job: latest() });
  }

  /** A beat may hang for minutes, and whoever watches the lease does not know that the run goes on. */
  async function beatInTime(): Promise<void> {
    const beaten = new AbortController();
    const late = ports.sleep(leaseMs - leaseMs / beatsPerLease, beaten.signal);
    late.then(
      () => stopRun("lost", new Error("A sign of life came too late.")),
      () => {},
    );
    try {
      await beat();
    } finally {
      beaten.abort();
    }
  }

  async function keepBeating(): Promise<void> {
    let beatenAt = since;
    while (why !== "lost") {
      try {
        await ports.sleep(leaseMs / beatsPerLease, end.signal);
      } catch {
        return;
      }
      const begunAt = now();
      try {
        await beatInTime();
        beatenAt = begunAt;
      } catch (error) {
        // A storage that fails for a moment has not given the job to somebody else.
        if (now() - beatenAt >= leaseMs) stopRun("asked", error);
      }
    }
  }
  const beating = keepBeating();

  return {
    signal: run.signal,
    async stop() {
      end.abort();
      await beating;
      signal.removeEventListener("abort", onAbort);
      return why;
    },
  };
}
