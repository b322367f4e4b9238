import type { FakeOpenAIOptions, Outcome } from "../../src/index.js";

/** An answer script by custom_id; the other requests succeed. */
export function script(outcomes: Readonly<Record<string, Outcome>>): FakeOpenAIOptions {
  return { answer: ({ custom_id }) => outcomes[custom_id] ?? { kind: "succeed" } };
}
