import type { BodyProblem } from "../endpoints/endpoint.js";
import { LangBatchError } from "../errors.js";
import { withUrl } from "../jsonl/with-field.js";
import type { RequestLine, WireFormat, WireRequest } from "../provider/wire.js";

/** A request line, and what was parsed of it, as a wire format takes them. */
export function wireRequest(
  line: Buffer,
  request: RequestLine,
  url: string,
  wireId: string = request.custom_id,
): WireRequest {
  const isFull = request.url === url;
  return {
    request: isFull ? request : { ...request, url },
    wireId,
    line: isFull ? line : withUrl(line, url),
  };
}

/**
 * How many bytes a request has as the provider's wire format writes it; `undefined` where its line is
 * sent as it is.
 *
 * @returns what the provider cannot take of it, as a problem of the line.
 */
export function encodedLength(
  wire: WireFormat,
  request: WireRequest,
): number | BodyProblem | undefined {
  try {
    const encoded = wire.encode(request);
    return typeof encoded === "string" ? Buffer.byteLength(encoded) : encoded?.length;
  } catch (error) {
    if (!LangBatchError.is(error, "invalid_request")) throw error;
    return { code: error.problems?.[0]?.code ?? "unsupported_request", message: error.message };
  }
}
