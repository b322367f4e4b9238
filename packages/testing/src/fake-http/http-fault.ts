/** Which HTTP requests a fault is for: those that match all that is given. */
export interface RequestMatch {
  /** Default: any method. */
  readonly method?: string;
  /** The path without the query: its beginning, or a pattern. Default: any path. */
  readonly path?: string | RegExp;
  /** The query with its question mark: a part of it, or a pattern. Default: any query. */
  readonly query?: string | RegExp;
  /** Headers that must be there and match, names in lower case. Default: any headers. */
  readonly headers?: Readonly<Record<string, RegExp>>;
}

/** An answer that a fault gives. */
export interface FaultAnswer {
  readonly status: number;
  /** Default: the service's own error envelope. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong with one HTTP request. */
export type HttpFault =
  /** Not accepted: answers with this status, and names no account. */
  | ({ readonly kind: "status" } & FaultAnswer)
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
  /** Accepted and done, then answers with this status. */
  | ({ readonly kind: "error-after" } & FaultAnswer)
  /** Accepted; the answer is only the first bytes of the body, and looks whole. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Accepted; the connection breaks after the first bytes of the body. */
  | { readonly kind: "break"; readonly bytes: number }
  /** Accepted; the last byte of the answer's body arrives changed. */
  | { readonly kind: "corrupt" };

/** What a fault is matched with. */
export interface MatchedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The faults a test has ordered, in the order in which it did. */
export interface HttpFaultQueue {
  add(match: RequestMatch, fault: HttpFault, times: number): void;
  /** The first that is for this request, which is then one less. */
  take(request: MatchedRequest): HttpFault | undefined;
}

/** A queue in which nothing is ordered yet. */
export function createHttpFaultQueue(): HttpFaultQueue {
  const ordered: { match: RequestMatch; fault: HttpFault; left: number }[] = [];
  return {
    add(match, fault, times) {
      ordered.push({ match, fault, left: times });
    },
    take(request) {
      const found = ordered.find(({ match, left }) => left > 0 && matches(match, request));
      if (found) found.left -= 1;
      return found?.fault;
    },
  };
}

function matches(match: RequestMatch, request: MatchedRequest): boolean {
  const { method, path = "", query = "", headers = {} } = match;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  // search and not test: a global pattern must not remember where it last matched.
  const isPath =
    typeof path === "string" ? request.path.startsWith(path) : request.path.search(path) !== -1;
  const isQuery =
    typeof query === "string" ? request.query.includes(query) : request.query.search(query) !== -1;
  const areHeaders = Object.entries(headers).every(
    ([name, pattern]) => (request.headers[name]?.search(pattern) ?? -1) !== -1,
  );
  return isPath && isQuery && areHeaders;
}
