/** An HTTP request a server has seen, also one that a fault broke. */
export interface FakeHttpRequest {
  readonly method: string;
  /** The path as it came, without the query. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
  /** All headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** How many bytes of its body have come. */
  readonly bytes: number;
  /** The status it was answered with; `undefined` where it was not, or not yet. */
  readonly status: number | undefined;
}
