import { describeProvider, providerAtFake, startFakeOpenAI } from "@langbatch/testing";
import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { openai } from "../src/index.js";

const secret = "sk-test-canary";
const accounts = { [secret]: { organization: "my-company", project: "proj_1" } };
/** With a retry, which a create must not use. */
const options = { apiKey: secret, maxRetries: 1 };

function proveWith(name: string, connect: (baseURL: string) => OpenAI): void {
  describeProvider(name, {
    async create() {
      const server = await startFakeOpenAI({ accounts });
      const client = connect(server.url);
      const provider = openai({ client, metadata: { team: "search" } });
      return providerAtFake(server, { provider, client, model: "gpt-5-mini", secret });
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
