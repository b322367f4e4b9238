import type { Ask } from "./asks.js";
import type { Conditions } from "./conditions.js";
import type { EffectKind, Faults } from "./faults.js";
import type { ProviderService } from "./provider-service.js";
import type { Random } from "./random.js";
import type { Scheduler } from "./scheduler.js";
import type { StorageDisk } from "./storage-disk.js";
import type { Trace } from "./trace.js";

/** What must never be written anywhere: the key of the user's client. */
export const secret = "sk-canary-5d1f0a";

/** Everything that outlives a process, and what happens to it. */
export interface World {
  readonly conditions: Conditions;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly disk: StorageDisk;
  readonly service: ProviderService;
  /** Every request that was asked in a process, oldest first. */
  readonly asks: Ask[];
  /** The effects so far, in their order. */
  readonly effects: EffectKind[];
  /** How often each fault occurred, by effect and fault. */
  readonly occurred: Map<string, number>;
  /** What core told the user beside results and errors. */
  readonly said: string[];
  /** How many ids were made. */
  ids: number;
  /** Why the schedule is given up: it does not come to an end, or core did what it never must. */
  stuck: string | undefined;
}
