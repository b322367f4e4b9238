import type { BatchProvider } from "@langbatch/core";
import type { FakeOpenAI } from "../fake-openai/fake-openai.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

/** A provider that asks a fake server. */
export interface ProviderAtFake {
  readonly provider: BatchProvider;
  /** The model of every request. */
  readonly model: string;
  /** The key the provider was made with. */
  readonly secret: string;
  /** What it asks with, whose retries stop once every answer fails. */
  readonly client: { maxRetries: number };
}

const creates = { method: "POST", path: /\/batches$/ };

/** All that {@link describeProvider} must be able to do to a service, done to a fake server. */
export function providerAtFake(
  server: FakeOpenAI,
  { provider, model, secret, client }: ProviderAtFake,
): ProviderUnderTest {
  return {
    provider,
    endpoint: "/v1/chat/completions",
    model,
    secret,
    finish: () => server.clock.advance(86_400_000),
    dispose: () => server.close(),
    jobsCreated: () => server.jobs.length,
    failNextCreate(how) {
      if (how === "answer-lost") server.failNext(creates, { kind: "reset-after" });
      else server.failNext(creates, { kind: "status", status: how === "refused" ? 400 : 429 });
    },
    failNextJob: () => server.failJob({ kind: "fail", code: "invalid_json_line", line: 1 }),
    cutOff() {
      // Nobody has to wait between retries that fail as well.
      client.maxRetries = 0;
      server.failNext({}, { kind: "reset" }, Number.POSITIVE_INFINITY);
    },
  };
}
