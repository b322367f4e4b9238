import type { JobFaults } from "./job-faults.js";
import type { PlayedRequests } from "./play-requests.js";
import type { ReceivedRequests } from "./receive-requests.js";
import type { ResultsFile } from "./results-file.js";
import type { FakeWorkspace } from "./workspaces.js";

/** A batch the server has accepted. Times are milliseconds since 1970. */
export interface StoredBatch {
  readonly id: string;
  /** Who sees it. */
  readonly owner: FakeWorkspace;
  readonly createdAt: number;
  cancelingAt: number | undefined;
  isDeleted: boolean;
  readonly received: ReceivedRequests;
  readonly played: PlayedRequests;
  readonly faults: JobFaults;
  /** Its results, once it has ended; made by the first who asks. */
  settled: Promise<ResultsFile> | undefined;
}
