import type { LocalPorts } from "./local-options.js";

/** One timer for all that a run waits for. */
export interface Alarm {
  /** Rings at this time of `ports.elapsed`, if it would not ring sooner. `Infinity`: never. */
  at(time: number): void;
  /** Never rings again, and leaves no timer behind. */
  close(): void;
}

/** Who is told: when it rings it is set to nothing, and whoever waits for longer sets it again. */
export interface AlarmEvents {
  rang(): void;
  failed(error: unknown): void;
}

/** An alarm that is set to nothing. */
export function openAlarm(
  { elapsed, sleep }: Pick<LocalPorts, "elapsed" | "sleep">,
  { rang, failed }: AlarmEvents,
): Alarm {
  let ringsAt = Number.POSITIVE_INFINITY;
  let sleeping: AbortController | undefined;

  async function wait(time: number, own: AbortController): Promise<void> {
    try {
      await sleep(Math.max(0, time - elapsed()), own.signal);
      if (own.signal.aborted) return;
      ringsAt = Number.POSITIVE_INFINITY;
      rang();
    } catch (error) {
      if (!own.signal.aborted) failed(error);
    }
  }

  return {
    at(time) {
      if (time >= ringsAt) return;
      ringsAt = time;
      sleeping?.abort();
      sleeping = new AbortController();
      void wait(time, sleeping);
    },
    close() {
      ringsAt = Number.NEGATIVE_INFINITY;
      sleeping?.abort();
    },
  };
}
