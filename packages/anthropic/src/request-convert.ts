import { cacheControlOf } from "./cache-control.js";
import { toMaxTokens } from "./max-tokens.js";
import { toConversation } from "./message-convert.js";
import type { MessageParams, OutputConfig } from "./message-params.js";
import { toOutputFormat } from "./output-format-convert.js";
import type { Fields } from "./record.js";
import { isAbsent, refusal, shown } from "./refusal.js";
import { assertConvertible } from "./request-fields.js";
import { toThinking } from "./thinking-convert.js";
import { toToolFields } from "./tool-convert.js";

/**
 * The body of a chat completion request as the parameters of a Messages request. Nothing of it is lost
 * in silence: what has no counterpart is refused, unless it asks for what Claude does anyway. Beside
 * OpenAI's fields it takes Claude's `thinking` and `cache_control`. Pure: the same body gives the same
 * parameters.
 *
 * @throws `invalid_request` with one problem, whose message follows "Line 3: ".
 */
export function toMessageParams(body: Readonly<Record<string, unknown>>): MessageParams {
  assertConvertible(body);
  const { thinking, effort } = toThinking(body);
  const format = toOutputFormat(body.response_format);
  const output: OutputConfig = { ...(effort && { effort }), ...(format && { format }) };
  return {
    model: readModel(body.model),
    max_tokens: toMaxTokens(body, thinking),
    ...toConversation(body.messages),
    ...toToolFields(body),
    ...toStopSequences(body.stop),
    ...toSampling(body),
    ...(thinking && { thinking }),
    ...((effort || format) && { output_config: output }),
    ...toMetadata(body),
    ...cacheControlOf(body, "body"),
  };
}

function readModel(model: unknown): string {
  if (typeof model === "string") return model;
  throw refusal("unsupported_value", `\`body.model\` is ${shown(model)}: name a model.`);
}

function toStopSequences(stop: unknown): Pick<MessageParams, "stop_sequences"> {
  if (isAbsent(stop)) return {};
  const sequences: readonly unknown[] | undefined = Array.isArray(stop) ? stop : [stop];
  if (!sequences.every((sequence) => typeof sequence === "string")) {
    const why = `is ${shown(stop)}`;
    throw refusal("unsupported_value", `\`body.stop\` ${why}: send a text or a list of texts.`);
  }
  return sequences.length === 0 ? {} : { stop_sequences: sequences };
}

/** Sent where they are given: models that have no such setting say so themselves. */
function toSampling(body: Fields): Pick<MessageParams, "temperature" | "top_p"> {
  const temperature = readNumber(body, "temperature");
  const topP = readNumber(body, "top_p");
  if (temperature !== undefined && temperature > 1) {
    const why = `is ${temperature}, and Claude's ends at 1`;
    throw refusal("unsupported_value", `\`body.temperature\` ${why}: use 0 to 1.`);
  }
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
  };
}

function readNumber(body: Fields, name: string): number | undefined {
  const value = body[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === "number") return value;
  throw refusal("unsupported_value", `\`body.${name}\` is ${shown(value)}: send a number.`);
}

function toMetadata(body: Fields): Pick<MessageParams, "metadata"> {
  const user = readUser(body, "user");
  const identifier = readUser(body, "safety_identifier");
  if (user !== undefined && identifier !== undefined && user !== identifier) {
    const why = "differs from `body.safety_identifier`, and Claude takes one user";
    throw refusal("unsupported_value", `\`body.user\` ${why}: send one of them.`);
  }
  const id = identifier ?? user;
  return id === undefined ? {} : { metadata: { user_id: id } };
}

function readUser(body: Fields, name: string): string | undefined {
  const value = body[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === "string") return value;
  throw refusal("unsupported_value", `\`body.${name}\` is ${shown(value)}: send a text.`);
}
