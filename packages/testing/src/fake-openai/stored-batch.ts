import type { FakeAccount } from "./accounts.js";
import type { BatchParams } from "./create-batch.js";
import type { JobFaults } from "./job-faults.js";
import type { PlayedInput } from "./play-input.js";
import type { InputProblem } from "./validate-input.js";

/** A batch the server has accepted. Times are milliseconds since 1970. */
export interface StoredBatch {
  readonly id: string;
  /** Who sees it and its result files. */
  readonly owner: FakeAccount;
  readonly inputBytes: number;
  readonly params: BatchParams;
  readonly createdAt: number;
  cancellingAt: number | undefined;
  readonly played: PlayedInput;
  readonly problems: readonly InputProblem[];
  readonly faults: JobFaults;
  readonly outputFileId: string;
  readonly errorFileId: string;
  /** Where its results go in place of files; "" where they do not. */
  readonly outputBlob: string;
  readonly errorBlob: string;
  /** Its result files, once it has ended; made by the first who asks. */
  ended: Promise<void> | undefined;
}
