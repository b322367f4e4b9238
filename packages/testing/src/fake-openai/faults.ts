/** Which HTTP requests a fault is for. */
export interface RequestMatch {
  /** Default: any method. */
  readonly method?: string;
  /** The path with `/v1` and without the query: its beginning, or a pattern. Default: any path. */
  readonly path?: string | RegExp;
}

/** What goes wrong with one HTTP request. */
export type HttpFault =
  /**
   * Not accepted: answers with this status, and names no account. Default for `body`: OpenAI's error
   * envelope.
   */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: object | string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Not accepted: the connection breaks before any answer. */
  | { readonly kind: "reset" }
  /** Not accepted: never answers, until the client gives up or the server is closed. */
  | { readonly kind: "hang" }
  /** Not accepted: sends the client elsewhere. Default for `status`: 307. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Accepted and done, then the connection breaks before any answer. */
  | { readonly kind: "reset-after" }
  /** Accepted and done, then never answers. */
  | { readonly kind: "hang-after" }
  /** Accepted and done, then answers with this status, and a body as with `status`. */
  | {
      readonly kind: "error-after";
      readonly status: number;
      readonly body?: object | string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Accepted; the answer is only the first bytes of the body, and looks whole. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Accepted; the connection breaks after the first bytes of the body. */
  | { readonly kind: "break"; readonly bytes: number };

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
export interface FaultQueue {
  addHttp(match: RequestMatch, fault: HttpFault, times: number): void;
  takeHttp(method: string, path: string): HttpFault | undefined;
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
export function createFaultQueue(): FaultQueue {
  const http: { match: RequestMatch; fault: HttpFault; left: number }[] = [];
  const jobs: { faults: readonly JobFault[]; left: number }[] = [];
  const waiting = new Map<string, JobFaults>();

  return {
    addHttp(match, fault, times) {
      http.push({ match, fault, left: times });
    },
    takeHttp(method, path) {
      const found = http.find(({ match, left }) => left > 0 && matches(match, method, path));
      if (found) found.left -= 1;
      return found?.fault;
    },
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

function matches({ method, path = "" }: RequestMatch, asked: string, pathname: string): boolean {
  if (method !== undefined && method.toUpperCase() !== asked) return false;
  // search and not test: a global pattern must not remember where it last matched.
  return typeof path === "string" ? pathname.startsWith(path) : pathname.search(path) !== -1;
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
