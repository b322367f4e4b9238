import { randomBytes } from "node:crypto";
import type { RequestLine, ShardInput } from "@langbatch/core";
import { traitsOf } from "./calls.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

export interface TestInput extends ShardInput {
  readonly lines: readonly RequestLine[];
  /** What each request goes by at the provider. */
  readonly wireIds: readonly string[];
}

/**
 * As many requests, or as many as the provider wants at least or takes at most, with a tag that was never
 * used.
 */
export async function newInput(subject: ProviderUnderTest, requests = 3): Promise<TestInput> {
  const { minRequests = 1, maxRequests, wire, wireId } = await traitsOf(subject);
  const count = Math.min(Math.max(requests, minRequests), maxRequests);
  const nonce = randomBytes(10).toString("hex");
  const tag = `lb-${nonce}-0-0-1`;
  const lines = Array.from({ length: count }, (_, index) => requestLine(subject, index, tag));
  const [head, separator, tail] = wire?.frame ?? ["", "\n", "\n"];
  // Where both are there, requests go by ids that core derives.
  const wireIds = lines.map(({ custom_id }, index) =>
    wire && wireId ? `${nonce}R0N${index.toString(36)}` : custom_id,
  );
  const parts = lines.map((request, index) => {
    const line = Buffer.from(JSON.stringify(request));
    return wire?.encode({ request, wireId: wireIds[index] ?? "", line }) ?? line;
  });
  const between = parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
  return {
    tag,
    name: `${tag}.jsonl`,
    requests: count,
    model: subject.model,
    data: new Blob([head, ...between, tail].map((part) => new Blob([part]))),
    lines,
    wireIds,
  };
}

function requestLine(
  { endpoint, model, body }: ProviderUnderTest,
  index: number,
  tag: string,
): RequestLine {
  // No two inputs are alike.
  const question = `Is ${index} even? (${tag})`;
  // Each of OpenAI's endpoints reads one of these; a service that minds the others gives a body.
  const defaults = endpoint.includes("chat")
    ? { messages: [{ role: "user", content: question }] }
    : endpoint.endsWith("/completions")
      ? { prompt: question }
      : { input: question };
  return {
    custom_id: `request-${index}`,
    method: "POST",
    url: endpoint,
    body: { model, ...(body ?? defaults) },
  };
}

export function idsOf({ wireIds }: TestInput): string[] {
  return wireIds.toSorted();
}

/** What a search asks for: the tag without its last part, which counts the tries. */
export function beginningOf(tag: string): string {
  return tag.slice(0, tag.lastIndexOf("-"));
}
