/** What goes wrong with one batch. A look is one request whose answer the fault changes. */
export type JobFault =
  /** Fails once it is validated: `token_limit_exceeded`, `billing_hard_limit_reached`, ... */
  | {
      readonly kind: "fail";
      readonly code: string;
      readonly message?: string;
      readonly line?: number;
      readonly param?: string;
    }
  /** Creating answers 400 "Cannot find file ..." for the first looks, though the file is there. */
  | { readonly kind: "input-not-found"; readonly looks: number }
  /** Retrieving answers 404 for the first looks. */
  | { readonly kind: "not-found"; readonly looks: number }
  /** Left out of the first lists. */
  | { readonly kind: "unlisted"; readonly looks: number }
  /** Shows this word as its status in its first appearances, that in the create's answer included. */
  | { readonly kind: "status-word"; readonly word: string; readonly looks: number }
  /** Reports these counts at all times. */
  | {
      readonly kind: "wrong-counts";
      readonly counts: {
        readonly total: number;
        readonly completed: number;
        readonly failed: number;
      };
    }
  /** Shows `""` in place of null where it has no output or error file. */
  | { readonly kind: "empty-file-ids" }
  /** Shows its file ids from the start, while their content answers 404. */
  | { readonly kind: "early-file-ids" }
  /** The content of each of its result files answers 404 for the first looks. */
  | { readonly kind: "content-not-found"; readonly looks: number };

/** The faults a test has ordered, in the order in which it did. */
export interface JobFaultQueue {
  addJob(faults: readonly JobFault[], times: number): void;
  /** The faults of the batch that is created from this file; the same ones for a repeated create. */
  takeJob(inputFileId: string): JobFaults;
  /** Forgets that the faults wait for a create of this file: it was accepted. */
  settleJob(inputFileId: string): void;
}

/** The faults of one batch. */
export interface JobFaults {
  find<Kind extends JobFault["kind"]>(
    kind: Kind,
  ): Extract<JobFault, { readonly kind: Kind }> | undefined;
  /** Whether this look is one of the first ones, which the fault is for. */
  look(kind: Extract<JobFault, { readonly looks: number }>["kind"], subject?: string): boolean;
}

/** A queue in which nothing is ordered yet. */
export function createJobFaultQueue(): JobFaultQueue {
  const jobs: { faults: readonly JobFault[]; left: number }[] = [];
  const waiting = new Map<string, JobFaults>();

  return {
    addJob(faults, times) {
      jobs.push({ faults, left: times });
    },
    takeJob(inputFileId) {
      const known = waiting.get(inputFileId);
      if (known) return known;
      const next = jobs.find(({ left }) => left > 0);
      if (next) next.left -= 1;
      const faults = createJobFaults(next?.faults ?? []);
      waiting.set(inputFileId, faults);
      return faults;
    },
    settleJob(inputFileId) {
      waiting.delete(inputFileId);
    },
  };
}

function createJobFaults(faults: readonly JobFault[]): JobFaults {
  const looked = new Map<string, number>();

  function find<Kind extends JobFault["kind"]>(kind: Kind) {
    return faults.find(
      (fault): fault is Extract<JobFault, { readonly kind: Kind }> => fault.kind === kind,
    );
  }

  return {
    find,
    look(kind, subject = "") {
      const fault = find(kind);
      const key = `${kind} ${subject}`;
      const looks = looked.get(key) ?? 0;
      if (!fault || looks >= fault.looks) return false;
      looked.set(key, looks + 1);
      return true;
    },
  };
}
