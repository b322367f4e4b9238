import type { BatchStatus } from "./batch-life.js";

/** A batch the server has accepted, whether or not any client knows. */
export interface FakeMessageBatch {
  readonly id: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly createdAt: number;
  /** Its true status now, whatever a fault shows. */
  readonly status: BatchStatus;
  /** How many requests it holds. */
  readonly requests: number;
  /** Whose it is. */
  readonly organization: string;
  readonly workspace: string;
  readonly firstCustomId: string;
  readonly deleted: boolean;
}
