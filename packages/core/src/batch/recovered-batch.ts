import type { Ports } from "../engine/ports.js";
import type { BatchProvider } from "../provider/provider.js";
import type { Storage } from "../storage/storage.js";

/** What a batch is rebuilt with. */
export interface Rebuilding {
  readonly storage: Storage;
  readonly provider: BatchProvider;
  readonly ports: Ports;
}

/** One batch that the provider has jobs of. */
export interface RecoveredBatch {
  /** What `load` takes, and what a `key` leads to. */
  readonly id: string;
  /** `/v1/chat/completions`: says which class loads it. */
  readonly endpoint: string | undefined;
  /** How many of its jobs are in the storage now. */
  readonly jobs: number;
  /** `known`: the storage had it, and nothing was changed. `lost`: nothing of it could be rebuilt. */
  readonly state: "recovered" | "known" | "lost";
  /** What is missing, one sentence each. */
  readonly problems: readonly string[];
}
