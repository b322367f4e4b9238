import type { OutputFormat } from "./message-params.js";
import type { Fields } from "./record.js";
import { assertKnownFields, isAbsent, recordAt, refusal, shown } from "./refusal.js";

const formatFields: ReadonlySet<string> = new Set(["type", "json_schema"]);
const schemaFields: ReadonlySet<string> = new Set(["name", "schema", "strict"]);
const schemaRemedies: ReadonlyMap<string, string> = new Map([
  ["description", "move it into the schema, as its `description`"],
]);

/**
 * `response_format` as Claude's output format; `undefined` where the answer is plain text. The schema's
 * `name` goes nowhere, and `strict` is what Claude always is. Anthropic API reference, Messages,
 * `output_config.format`.
 *
 * @throws `invalid_request` for JSON without a schema, which Claude does not have.
 */
export function toOutputFormat(format: unknown): OutputFormat | undefined {
  if (isAbsent(format)) return undefined;
  const path = "body.response_format";
  const { type, json_schema: wanted, ...rest } = recordAt(format, path, "unsupported_value");
  assertKnownFields(rest, path, formatFields);
  if (type === "text") return undefined;
  if (type !== "json_schema") {
    const remedy = "use json_schema, or ask for JSON in the prompt";
    throw refusal("unsupported_value", `\`${path}.type\` is ${shown(type)}: ${remedy}.`);
  }
  const place = `${path}.json_schema`;
  const named = recordAt(wanted, place, "unsupported_value");
  assertKnownFields(named, place, schemaFields, schemaRemedies);
  const schema: Fields = recordAt(named.schema, `${place}.schema`, "unsupported_value");
  return { type: "json_schema", schema };
}
