/** What goes wrong with one batch. Times are milliseconds of the server's clock. */
export type JobFault =
  /** Lists leave it out for so long after its creation. */
  | { readonly kind: "unseen-in-list"; readonly ms: number }
  /** Whatever names it is answered 404 for so long after its creation; it lives all the same. */
  | { readonly kind: "unseen"; readonly ms: number }
  /** Its results are answered 404 for so long after its end, though their address is there. */
  | { readonly kind: "results-missing"; readonly ms: number }
  /** Shows this word as its `processing_status` until it ends. */
  | { readonly kind: "status"; readonly status: string }
  /** Ends so much later than it should, also past its `expires_at`. */
  | { readonly kind: "ends-late"; readonly ms: number };

/** The faults of one batch. */
export interface JobFaults {
  /** How long the fault lasts; 0 where it was not ordered. */
  ms(kind: Extract<JobFault, { readonly ms: number }>["kind"]): number;
  /** The word to show; `undefined` where none was ordered. */
  readonly status: string | undefined;
}

/** The faults a test has ordered, in the order in which it did. */
export interface JobFaultQueue {
  add(faults: readonly JobFault[], times: number): void;
  /** The faults of the next batch. */
  take(): JobFaults;
}

/** A queue in which nothing is ordered yet. */
export function createJobFaultQueue(): JobFaultQueue {
  const ordered: { faults: readonly JobFault[]; left: number }[] = [];
  return {
    add(faults, times) {
      ordered.push({ faults, left: times });
    },
    take() {
      const next = ordered.find(({ left }) => left > 0);
      if (next) next.left -= 1;
      return jobFaults(next?.faults ?? []);
    },
  };
}

function jobFaults(faults: readonly JobFault[]): JobFaults {
  return {
    ms(kind) {
      const fault = faults.find((each) => each.kind === kind);
      return fault && "ms" in fault ? fault.ms : 0;
    },
    status: faults.find((fault) => fault.kind === "status")?.status,
  };
}
