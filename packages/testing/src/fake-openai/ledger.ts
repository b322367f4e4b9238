import type { JobStatus } from "@langbatch/core";

/** A batch the server has accepted, whether or not any client knows. */
export interface FakeJob {
  readonly id: string;
  readonly inputFileId: string;
  readonly endpoint: string;
  /** What the client gave it; empty where it gave nothing. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, by the server's clock. */
  readonly createdAt: number;
  /** Its true state now, whatever a fault shows. */
  readonly status: JobStatus;
  /** How many requests its input holds. */
  readonly requests: number;
}

/** A file the server has or had: uploaded by a client, or made by a batch that was looked at. */
export interface FakeFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly purpose: "batch" | "batch_output";
  /** Milliseconds since 1970, by the server's clock. */
  readonly createdAt: number;
  readonly deleted: boolean;
}
