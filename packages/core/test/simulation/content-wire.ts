import type { ProviderTraits, ResultLine, WireFormat } from "../../src/index.js";

/** A format of the provider's own: one document a job, and results that only it reads. */
const contentWire: WireFormat = {
  frame: ['{"requests":[', ",", "]}"],
  encode: ({ request, wireId }) =>
    Buffer.from(JSON.stringify({ custom_id: wireId, params: request.body })),
  decode(line) {
    const { name, answer } = JSON.parse(Buffer.from(line).toString("utf8"));
    return typeof name === "string" ? ({ ...answer, custom_id: name } as ResultLine) : undefined;
  },
};

/** What a provider says of itself whose jobs show nothing of where they came from. */
export const contentTraits: Pick<ProviderTraits, "recovery" | "wire" | "wireId"> = {
  recovery: "content",
  wire: contentWire,
  wireId: /^[A-Za-z0-9_-]{1,64}$/,
};

/** A result line as such a provider writes it. */
export function contentLine(wireId: string, line: string): string {
  return JSON.stringify({ name: wireId, answer: JSON.parse(line) });
}
