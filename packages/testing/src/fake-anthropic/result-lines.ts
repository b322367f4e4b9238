import { defaultMessage } from "./answers.js";
import { errorEnvelope } from "./anthropic-error.js";
import type { StopReason } from "./batch-life.js";
import type { FakeMessageRequest, Outcome } from "./outcome.js";

/**
 * The lines of a request that is answered, each with its line end, in the shape of npm
 * `@anthropic-ai/sdk` 1.12.0, `MessageBatchIndividualResponse`; "" for an outcome that leaves none.
 * `serial` names the request within all batches.
 */
export function answeredLines(
  request: FakeMessageRequest,
  outcome: Exclude<Outcome, { readonly kind: "expire" }>,
  serial: string,
): string {
  const { custom_id: customId } = request;
  switch (outcome.kind) {
    case "succeed":
    case "twice": {
      const message = { ...defaultMessage(request, serial), ...outcome.message };
      const line = resultLine(customId, { type: "succeeded", message });
      if (outcome.kind === "succeed") return line;
      return (
        line + (outcome.conflicting ? erroredLine(customId, serial, { type: "api_error" }) : line)
      );
    }
    case "error":
      return erroredLine(customId, serial, outcome);
    case "line":
      return `${outcome.text}\n`;
    case "drop":
      return "";
  }
}

/** The line of a request that has no answer. */
export function unansweredLine(customId: string, stop: StopReason): string {
  return resultLine(customId, { type: stop });
}

function erroredLine(
  customId: string,
  serial: string,
  { type = "invalid_request_error", message }: { type?: string; message?: string },
): string {
  const said = message ?? `The request failed: ${type}.`;
  // The error of a result is a whole envelope.
  const error = errorEnvelope(type, said, `req_${serial}`);
  return resultLine(customId, { type: "errored", error });
}

function resultLine(customId: string, result: object): string {
  return `${JSON.stringify({ custom_id: customId, result })}\n`;
}
