import { describeProvider } from "@langbatch/testing";
import { startFakeAnthropic } from "@langbatch/testing/fake-anthropic";
import { anthropic } from "../src/index.js";
import { clients } from "./support/sdk-versions.js";

const secret = "sk-ant-canary";
const creates = { method: "POST", path: /\/batches$/ };

const endpoints = [
  ["/v1/chat/completions", { messages: [{ role: "user", content: "Is 2 even?" }] }],
  ["/v1/messages", { max_tokens: 16, messages: [{ role: "user", content: "Is 2 even?" }] }],
] as const;

for (const [name, connect] of clients) {
  for (const [endpoint, body] of endpoints) {
    describeProvider(`anthropic() on ${name}, ${endpoint}`, {
      async create() {
        const server = await startFakeAnthropic({ apiKey: secret });
        // With a retry, which a create must not use.
        const client = connect({ baseURL: server.url, apiKey: secret, maxRetries: 1 });
        return {
          provider: anthropic({ client }),
          ...{ endpoint, body, model: "claude-sonnet-5-5", secret },
          finish: () => server.clock.advance(86_400_000),
          dispose: () => server.close(),
          jobsCreated: () => server.jobs.length,
          failNextCreate(how) {
            if (how === "answer-lost") server.failNext(creates, { kind: "reset-after" });
            else
              server.failNext(creates, { kind: "status", status: how === "refused" ? 400 : 429 });
          },
          cutOff() {
            client.maxRetries = 0;
            server.failNext({}, { kind: "reset" }, Number.POSITIVE_INFINITY);
          },
        };
      },
    });
  }
}
