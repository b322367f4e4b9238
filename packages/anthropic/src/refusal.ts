import { LangBatchError } from "@langbatch/core";
import { type Fields, isRecord } from "./record.js";

/** What a request has that cannot be written for Claude. */
export type RefusalCode =
  | "unsupported_field" // Claude has nothing like it
  | "unsupported_value" // the field is known, this value of it is not
  | "unsupported_content" // a content part that Claude does not take there
  | "invalid_message" // a message that makes no sense where it stands
  | "invalid_tool"; // a tool, a tool call or a tool choice that makes no sense

/**
 * The error for a request that cannot be converted: `invalid_request` with one problem.
 *
 * @param message One sentence that follows "Line 3: ": the field's path in backticks, then the remedy.
 */
export function refusal(code: RefusalCode, message: string): LangBatchError {
  const problems = [{ line: 1, customId: undefined, code, message }];
  return new LangBatchError("invalid_request", message, { problems, total: 1 });
}

/** A value as a message may show it: its JSON, of at most 60 characters. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 60)}...` : json;
}

/** `value` where it is an object. */
export function recordAt(value: unknown, path: string, code: RefusalCode): Fields {
  if (isRecord(value)) return value;
  throw refusal(code, `\`${path}\` is ${shown(value)}: send an object.`);
}

/** Whether a field is as good as left out. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/**
 * Refuses what nobody would read, so that nothing of a request is lost in silence. A field that is
 * `null` asks for nothing and passes.
 *
 * @param remedies What to do instead, of the fields that are known to be refused.
 * @throws `invalid_request` with the code `unsupported_field`.
 */
export function assertKnownFields(
  fields: Fields,
  path: string,
  known: ReadonlySet<string>,
  remedies: ReadonlyMap<string, string> = new Map(),
): void {
  for (const [name, value] of Object.entries(fields)) {
    if (known.has(name) || isAbsent(value)) continue;
    const remedy = remedies.get(name) ?? `leave it out, or ${inOwnFormat}`;
    const place = `\`${path}.${name.slice(0, 100)}\``;
    throw refusal("unsupported_field", `${place} has no counterpart at Claude: ${remedy}.`);
  }
}

/** The way out for everything that only Claude's own format can say. */
const inOwnFormat: string = "send the request in Claude's own format with the url /v1/messages";
