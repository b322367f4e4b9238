import { describeProvider, type ProviderUnderTest } from "@langbatch/testing";
import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { local } from "../src/index.js";
import type { LocalOptions } from "../src/local-options.js";
import { completion, startModelServer } from "./support/model-server.js";

const secret = "sk-test-canary";
const chat = { endpoint: "/v1/chat/completions", model: "test-model" } as const;

function proveAt(name: string, connect: (baseURL: string) => LocalOptions): void {
  describeProvider(name, {
    async create(): Promise<ProviderUnderTest> {
      const server = await startModelServer();
      return {
        ...chat,
        provider: local({ concurrency: 4, ...connect(server.baseURL) }),
        secret,
        finish() {},
        dispose: () => server.close(),
        requestsAsked: () => server.asked.length,
        cutOff: () => server.close(),
      };
    },
  });
}

proveAt("local() at an endpoint", (baseURL) => ({ baseURL, apiKey: secret }));

proveAt("local() with a client of openai 6", (baseURL) => ({
  client: new OpenAI({ baseURL, apiKey: secret }),
}));

proveAt("local() with a client of openai 7", (baseURL) => ({
  client: new OpenAI7({ baseURL, apiKey: secret }),
}));

describeProvider("local() with a function", {
  async create() {
    let asked = 0;
    const handler = async () => {
      asked += 1;
      return completion("test-model", "Hello.");
    };
    return {
      ...chat,
      provider: local({ handler }),
      finish() {},
      async dispose() {},
      requestsAsked: () => asked,
    };
  },
});
