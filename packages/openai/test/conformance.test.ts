import { describeProvider, startFakeOpenAI } from "@langbatch/testing";
import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { openai } from "../src/index.js";

const secret = "sk-test-canary";
const accounts = { [secret]: { organization: "my-company", project: "proj_1" } };
/** With a retry, which a create must not use. */
const options = { apiKey: secret, maxRetries: 1 };
const creates = { method: "POST", path: /\/batches$/ };

function proveWith(name: string, connect: (baseURL: string) => OpenAI): void {
  describeProvider(name, {
    async create() {
      const server = await startFakeOpenAI({ accounts });
      const client = connect(server.url);
      return {
        provider: openai({ client, metadata: { team: "search" } }),
        endpoint: "/v1/chat/completions",
        model: "gpt-5-mini",
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
    },
  });
}

proveWith("openai() with openai 6", (baseURL) => {
  return new OpenAI({ ...options, baseURL });
});

proveWith("openai() with openai 7", (baseURL) => {
  // Another copy's class is another type, because of its private fields; what is called is the same.
  return new OpenAI7({ ...options, baseURL }) as unknown as OpenAI;
});
