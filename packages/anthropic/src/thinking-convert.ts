import type { Effort, ThinkingParam } from "./message-params.js";
import type { Fields } from "./record.js";
import { isAbsent, recordAt, refusal, shown } from "./refusal.js";

/** How a request wants Claude to think. */
export interface Thinking {
  readonly thinking?: ThinkingParam;
  readonly effort?: Effort;
}

const efforts: ReadonlyMap<unknown, Thinking> = new Map<unknown, Thinking>([
  ["none", { thinking: { type: "disabled" } }],
  ["minimal", adaptive("low")],
  ["low", adaptive("low")],
  ["medium", adaptive("medium")],
  ["high", adaptive("high")],
  ["xhigh", adaptive("xhigh")],
  ["max", adaptive("max")],
]);

function adaptive(effort: Effort): Thinking {
  return { thinking: { type: "adaptive" }, effort };
}

/**
 * `reasoning_effort` as thinking and effort. A `thinking` object of Claude's own goes along as it is
 * and says better whether and how long Claude thinks; the effort stays. Anthropic API reference,
 * Messages, `thinking` and `output_config.effort`.
 *
 * @throws `invalid_request` for an unknown effort, and for `thinking` that is no object.
 */
export function toThinking(body: Fields): Thinking {
  const asked = readEffort(body.reasoning_effort);
  if (isAbsent(body.thinking)) return asked;
  recordAt(body.thinking, "body.thinking", "unsupported_value");
  return { ...asked, thinking: body.thinking as ThinkingParam };
}

function readEffort(value: unknown): Thinking {
  if (isAbsent(value)) return {};
  const known = efforts.get(value);
  if (known) return known;
  throw refusal(
    "unsupported_value",
    `\`body.reasoning_effort\` is ${shown(value)}: use ${[...efforts.keys()].join(", ")}.`,
  );
}
