import type { PlannedShard } from "../batch/records.js";
import type { Endpoint } from "../endpoints/endpoint.js";
import type { BatchProvider } from "../provider/provider.js";
import type { Storage } from "../storage/storage.js";
import type { Ports } from "./ports.js";

/** What the engine works with: one batch's parts, and the world around it. */
export interface EngineContext {
  readonly id: string;
  readonly nonce: string;
  readonly endpoint: Endpoint;
  readonly provider: BatchProvider;
  readonly storage: Storage;
  readonly ports: Ports;
  /** Names this run: only it sends the creates it intends. */
  readonly life: string;
  /** How long a complete list must show nothing before a lost create is repeated. */
  readonly settleMs: number;
  /** How long after it was recorded a create may still be sent. */
  readonly sendDeadlineMs: number;
}

/** One shard of one round. */
export interface Shard extends PlannedShard {
  readonly round: number;
}
