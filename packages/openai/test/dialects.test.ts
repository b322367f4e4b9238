import {
  type DialectName,
  describeProvider,
  providerAtFake,
  startFakeOpenAI,
} from "@langbatch/testing";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  knownServices,
  OpenAIChatCompletionBatch,
  openai,
  type ServiceName,
  type ServiceProfile,
} from "../src/index.js";
import { chatLine, openHarness } from "./support/open-harness.js";

/** Each service that the fake server can imitate, and what its profile is. */
const services: readonly (readonly [
  dialect: DialectName,
  service: ServiceName | ServiceProfile,
])[] = [
  ["groq", "groq"],
  ["together", "together"],
  ["deepinfra", "deepinfra"],
  ["parasail", "parasail"],
  ["nebius", "nebius"],
  ["doubleword", "doubleword"],
  ["siliconflow", "siliconflow"],
  ["dashscope", "dashscope"],
  ["gateway", "unknown"],
  ["gateway", { ...knownServices.unknown.profile, keepsMetadata: false }],
];

const secret = "sk-test-canary";
const creates = { method: "POST", path: /\/batches$/ };

for (const [dialect, service] of services) {
  const name = typeof service === "string" ? service : "a profile of one's own";
  describeProvider(`openai() at ${dialect}, as ${name}`, {
    async create() {
      const server = await startFakeOpenAI({ dialect, apiKey: secret });
      const client = new OpenAI({ apiKey: secret, baseURL: server.url, maxRetries: 0 });
      const provider = openai({ client, service });
      return providerAtFake(server, { provider, client, model: "llama", secret });
    },
  });
}

describe.each(services)("a batch at %s", (dialect, service) => {
  it("comes home whole, of several jobs, with what failed and what expired", async () => {
    const { server, client, file, options } = await openHarness({
      dialect,
      completionWindowMs: 600_000,
      answer({ custom_id }) {
        if (custom_id === "b") return { kind: "fail", status: 500 };
        return custom_id === "d" ? { kind: "expire" } : { kind: "succeed" };
      },
    });
    const lines = ["a", "b", "c", "d", "e"].map((id) => chatLine(id));
    const batch = new OpenAIChatCompletionBatch(await file(...lines), {
      ...options,
      batchKwargs: { client, service },
      maxRequestsPerJob: 2,
    });
    await batch.start();
    await batch.wait();
    expect(server.jobs).toHaveLength(3);
    const ends: string[] = [];
    for await (const { custom_id, error } of batch.results()) {
      ends.push(`${custom_id} ${error === null ? "succeeded" : error.code}`);
    }
    expect(ends).toEqual([
      "a succeeded",
      "b server_error",
      "c succeeded",
      "d batch_expired",
      "e succeeded",
    ]);
    expect(await batch.getUnsuccessfulRequests()).toHaveLength(2);
  });

  it("is found again where the answer to its creation is lost, and paid once", async () => {
    const { server, client, file, options } = await openHarness({ dialect });
    server.failNext(creates, { kind: "reset-after" });
    const batch = new OpenAIChatCompletionBatch(await file(chatLine("a")), {
      ...options,
      batchKwargs: { client, service },
    });
    await batch.start();
    await batch.wait();
    expect(server.jobs).toHaveLength(1);
    expect((await batch.getResults()).successful).toHaveLength(1);
  });

  it("says why a job failed as a whole", async () => {
    const { server, client, file, options } = await openHarness({ dialect });
    server.failJob({ kind: "fail", code: "invalid_json_line", message: "Not this one." });
    const batch = new OpenAIChatCompletionBatch(await file(chatLine("a")), {
      ...options,
      batchKwargs: { client, service },
    });
    await batch.start();
    expect(await batch.wait()).toBe("failed");
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful[0]?.error.message).toBe("Not this one.");
  });
});

it("at Doubleword a job of which all failed is failed, and its reasons come home", async () => {
  const { client, file, options } = await openHarness({
    dialect: "doubleword",
    answer: () => ({ kind: "fail", status: 400, message: "No such thing." }),
  });
  const batch = new OpenAIChatCompletionBatch(await file(chatLine("a"), chatLine("b")), {
    ...options,
    batchKwargs: { client, service: "doubleword" },
  });
  await batch.start();
  expect(await batch.wait()).toBe("failed");
  const { unsuccessful } = await batch.getResults();
  expect(unsuccessful.map(({ error }) => error.message)).toEqual([
    "No such thing.",
    "No such thing.",
  ]);
});

it("a file that is too long for SiliconFlow becomes two jobs there", async () => {
  const server = await startFakeOpenAI({ dialect: "siliconflow" });
  onTestFinished(() => server.close());
  const { file, options } = await openHarness();
  const lines = Array.from({ length: 5001 }, (_, index) => chatLine(`r${index}`, "x"));
  const client = new OpenAI({ apiKey: secret, baseURL: server.url });
  const batch = new OpenAIChatCompletionBatch(await file(...lines), {
    ...options,
    batchKwargs: { client, service: "siliconflow" },
  });
  await batch.start();
  expect(server.jobs.map(({ requests }) => requests)).toEqual([5000, 1]);
});
