import { describeProvider, providerAtFake, startFakeOpenAI } from "@langbatch/testing";
import { azureOpenAI } from "../src/index.js";
import { clients } from "./support/sdk-versions.js";

const secret = "azure-key-canary";

for (const [name, connect] of clients) {
  describeProvider(`azureOpenAI() on ${name}`, {
    async create() {
      const server = await startFakeOpenAI({ dialect: "azure", apiKey: secret });
      const resource = new URL(server.url).origin;
      // With a retry, which a create must not use.
      const client = connect({ resource, apiKey: secret, maxRetries: 1 });
      const provider = azureOpenAI({ client, metadata: { team: "search" } });
      return providerAtFake(server, { provider, client, model: "my-deployment", secret });
    },
  });
}
