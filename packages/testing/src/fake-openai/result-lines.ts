import { defaultBody } from "./answers.js";
import type { Dialect } from "./dialects/dialect.js";
import type { FakeRequest, Outcome } from "./outcome.js";
import { errorType } from "./reply.js";

/** What one request adds to the two result files and to the batch's numbers. */
export interface ResultLines {
  /** Text for the output file; empty or whole lines. */
  readonly output: string;
  /** Text for the error file; empty or whole lines. */
  readonly error: string;
  readonly completed: 0 | 1;
  readonly failed: 0 | 1;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** How rows are written. */
interface RowOptions {
  /** Names the request within all batches. */
  readonly serial: string;
  readonly showRow: Dialect["showRow"];
}

/**
 * The result lines in the shape of OpenAI API reference, "The request output object", or in the
 * service's own. Not for an outcome that leaves no line.
 */
export function resultLines(
  request: FakeRequest,
  outcome: Exclude<Outcome, { readonly kind: "expire" | "drop" }>,
  options: RowOptions & {
    readonly nowSeconds: number;
    readonly failuresIn: Dialect["failuresIn"];
  },
): ResultLines {
  const { failuresIn, nowSeconds, serial } = options;
  switch (outcome.kind) {
    case "succeed":
    case "twice": {
      const body = outcome.body ?? defaultBody(request, serial, nowSeconds);
      const line = answered(request, 200, body, options);
      const usage = tokensOf(body);
      if (outcome.kind === "succeed") return { ...success, ...usage, output: line };
      return outcome.conflicting
        ? { ...success, ...usage, output: line, error: failure(request, { status: 500 }, options) }
        : { ...success, ...usage, output: line + line };
    }
    case "fail": {
      const line = failure(request, outcome, options);
      return (outcome.file ?? failuresIn) === "output"
        ? { ...failed, output: line }
        : { ...failed, error: line };
    }
    case "refuse": {
      const error = { code: outcome.code, message: outcome.message };
      return { ...failed, error: unanswered(request.custom_id, error, options) };
    }
    case "line": {
      const text = `${outcome.text}\n`;
      return outcome.file === "output" ? { ...success, output: text } : { ...failed, error: text };
    }
  }
}

const nothing = { output: "", error: "", inputTokens: 0, outputTokens: 0 } as const;
const success = { ...nothing, completed: 1, failed: 0 } as const;
const failed = { ...nothing, completed: 0, failed: 1 } as const;

/** A line of the error file for a request that was not answered. */
export function unanswered(
  customId: string,
  error: { readonly code: string; readonly message: string },
  { serial, showRow }: RowOptions,
): string {
  const row = { id: `batch_req_${serial}`, custom_id: customId, response: null, error };
  return `${JSON.stringify(showRow(row))}\n`;
}

function answered(
  request: FakeRequest,
  status: number,
  body: object,
  { serial, showRow }: RowOptions,
): string {
  const row = {
    id: `batch_req_${serial}`,
    custom_id: request.custom_id,
    response: { status_code: status, request_id: `req_${serial}`, body },
    error: null,
  };
  return `${JSON.stringify(showRow(row))}\n`;
}

function failure(
  request: FakeRequest,
  { status, code, message }: { status: number; code?: string; message?: string },
  options: RowOptions,
): string {
  const error = {
    message: message ?? "An error occurred while processing your request.",
    type: errorType(status),
    param: null,
    code: code ?? null,
  };
  return answered(request, status, { error }, options);
}

/** The two spellings of usage: chat completions and embeddings have one, responses the other. */
function tokensOf(body: object): { inputTokens: number; outputTokens: number } {
  const usage = "usage" in body && typeof body.usage === "object" ? body.usage : null;
  const read = (name: string): number => {
    const value: unknown = usage === null ? undefined : Reflect.get(usage, name);
    return typeof value === "number" ? value : 0;
  };
  return {
    inputTokens: read("prompt_tokens") || read("input_tokens"),
    outputTokens: read("completion_tokens") || read("output_tokens"),
  };
}
