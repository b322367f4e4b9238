/** What the script is told, as JSON, in its only argument. */
export interface ScriptSettings {
  /** The JSONL file of requests. */
  readonly input: string;
  /** Where the batch lives. */
  readonly state: string;
  readonly baseURL: string;
  readonly settleMs: number;
  readonly sendDeadlineMs: number;
  /** How long the SDK waits for an answer. Default: the SDK's own. */
  readonly timeoutMs?: number;
  /** The most requests in one job. Default: the provider's own. */
  readonly maxRequests?: number;
}

/** What the script writes first, once it is loaded. */
export const startedLine = "started\n";

/** What the script ends with where its failure may pass, so that it is worth starting again. */
export const runAgain = 75;

/** What the script has got when it is done. */
export interface ScriptOutput {
  readonly successful: readonly { readonly id: string; readonly text: string | null }[];
  readonly unsuccessful: readonly { readonly id: string; readonly code: string }[];
}
