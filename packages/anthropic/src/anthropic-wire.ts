import { topLevelValue, type WireFormat, type WireRequest } from "@langbatch/core";
import type { Fields } from "./record.js";
import { toMessageParams } from "./request-convert.js";
import { toChatResult, toMessageResult } from "./result-convert.js";

/** The body of a create, of which the requests are a part (Anthropic API reference, Message Batches). */
const frame: WireFormat["frame"] = ['{"requests":[', ",", "]}"];

/** Chat completions, converted both ways. */
export const chatWire: WireFormat = {
  frame,
  encode({ request, wireId }) {
    const params = toMessageParams(request.body as Fields);
    return JSON.stringify({ custom_id: wireId, params });
  },
  decode: (line) => toChatResult(parse(line)),
};

/** Claude's own requests, byte for byte: numbers that JavaScript cannot hold stay what they are. */
export const messagesWire: WireFormat = {
  frame,
  encode({ wireId, ...asked }) {
    const head = Buffer.from(`{"custom_id":${JSON.stringify(wireId)},"params":`);
    return Buffer.concat([head, bodyOf(asked), Buffer.from("}")]);
  },
  decode: (line) => toMessageResult(parse(line)),
};

function bodyOf({ line, request }: Omit<WireRequest, "wireId">): Buffer {
  const range = topLevelValue(line, "body");
  // Written with escapes: rare enough to write it anew.
  if (!range) return Buffer.from(JSON.stringify(request.body));
  return line.subarray(range.start, range.end);
}

function parse(line: Uint8Array): unknown {
  return JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8"));
}
