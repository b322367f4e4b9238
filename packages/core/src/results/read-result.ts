import { isRecord } from "../endpoints/endpoint.js";
import type { WireFormat } from "../provider/wire.js";
import type { AnswerFields } from "./result-line.js";

/** A line that a provider wrote, as a result of a request. */
interface SeenResult {
  /** What the request goes by at the provider. */
  readonly customId: string;
  /** What the OpenAI result line says. */
  readonly fields: AnswerFields;
  /** The OpenAI result line, without its end. */
  readonly bytes: Buffer;
}

/** Reads a line of a job's results; `undefined` where it is none of a request. */
export type ReadResult = (line: Buffer) => SeenResult | undefined;

/** How a provider's results are read: as OpenAI lines, or by its wire format. */
export function resultReader(wire: Pick<WireFormat, "decode"> | undefined): ReadResult {
  return wire?.decode ? (line) => decoded(line, wire) : parsed;
}

function parsed(line: Buffer): SeenResult | undefined {
  try {
    const fields: unknown = JSON.parse(line.toString("utf8"));
    if (!isRecord(fields) || typeof fields.custom_id !== "string") return undefined;
    return { customId: fields.custom_id, fields, bytes: line };
  } catch {
    return undefined;
  }
}

function decoded(line: Buffer, wire: Pick<WireFormat, "decode">): SeenResult | undefined {
  try {
    const result = wire.decode?.(line);
    // Written by others: what has no id is nobody's, whatever the types say.
    if (typeof result?.custom_id !== "string") return undefined;
    const bytes = Buffer.from(JSON.stringify(result));
    return { customId: result.custom_id, fields: result, bytes };
  } catch {
    return undefined;
  }
}
