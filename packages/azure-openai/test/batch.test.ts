import { readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import {
  AzureOpenAIChatCompletionBatch,
  AzureOpenAIEmbeddingBatch,
  AzureOpenAIResponsesBatch,
} from "../src/index.js";
import { chatLine, openAzure } from "./support/open-azure.js";

const assistantWithTools = JSON.stringify({
  custom_id: "tools",
  method: "POST",
  url: "/chat/completions",
  body: {
    model: "my-deployment",
    messages: [
      { role: "user", content: "What is the weather?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "Rain." },
    ],
  },
});

describe("a batch at Azure", () => {
  it("brings every result home by its id, in order, from the classic API and from v1", async () => {
    for (const apiVersion of ["v1", "2024-10-21"]) {
      const { options, server } = await openAzure();
      const batch = await AzureOpenAIChatCompletionBatch.create(["One?", "Two?", "Three?"], {
        ...options({ apiVersion }),
        requestKwargs: { model: "my-deployment" },
      });
      await batch.start();
      await batch.wait();
      const { successful, unsuccessful } = await batch.getResults();
      expect(unsuccessful).toEqual([]);
      expect(successful.map(({ custom_id }) => custom_id)).toEqual([
        "request-0000000001",
        "request-0000000002",
        "request-0000000003",
      ]);
      expect(await batch.getStatus()).toBe("completed");
      const isV1 = apiVersion === "v1";
      expect(server.requests.every(({ path }) => path.startsWith("/openai/v1/") === isV1)).toBe(
        true,
      );
    }
  });

  it("sends a message without content as Azure takes it, from a file that stays as it is", async () => {
    const { file, options, server } = await openAzure();
    const content = `\uFEFF${chatLine("plain")}\r\n${assistantWithTools}\n`;
    const path = await file(content);
    const batch = new AzureOpenAIChatCompletionBatch(path, options());
    await batch.start();
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(2);
    expect(await readFile(path, "utf8")).toBe(content);
    const sent = await server.inputOf(server.jobs[0]?.id ?? "");
    expect(String.fromCharCode(...sent)).toBe(
      `${chatLine("plain")}\n${assistantWithTools
        .replace('"content":null', '"content":""')
        .replace('"/chat/completions"', '"/v1/chat/completions"')}\n`,
    );
    expect(await batch.getRequestsByCustomIds(["tools"])).toEqual([JSON.parse(assistantWithTools)]);
  });

  it("goes to one deployment, whatever model the file names, in every process", async () => {
    const { file, options, server } = await openAzure({ deployments: ["batch-1"] });
    const path = await file(`${chatLine("a")}\n${chatLine("b")}\n`);
    const batch = new AzureOpenAIChatCompletionBatch(path, options({ deployment: "batch-1" }));
    await batch.save();
    const later = await AzureOpenAIChatCompletionBatch.load(batch.id, options());
    await later.start();
    expect(await later.wait()).toBe("completed");
    const sent = await server.inputOf(server.jobs[0]?.id ?? "");
    expect(String.fromCharCode(...sent).match(/"model":"batch-1"/g)).toHaveLength(2);
  });

  it("fails with Azure's reason where the deployment does not exist", async () => {
    const { file, options } = await openAzure({ deployments: ["batch-1"] });
    const batch = new AzureOpenAIChatCompletionBatch(await file(`${chatLine("a")}\n`), options());
    await batch.start();
    expect(await batch.wait()).toBe("failed");
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful[0]?.error.code).toMatch(/model_not_found|invalid_request/);
  });

  it("makes no job of a file that Azure still reads, and says what it waits for", async () => {
    const { options, server } = await openAzure({ filePendingMs: 60_000 });
    const batch = await AzureOpenAIChatCompletionBatch.create(["One?"], {
      ...options(),
      requestKwargs: { model: "my-deployment" },
    });
    await batch.start();
    expect(server.jobs).toHaveLength(1);
    const creates = server.requests.filter(({ method, path }) => {
      return method === "POST" && path.endsWith("/batches");
    });
    expect(creates).toHaveLength(1);
    expect(await batch.wait()).toBe("completed");
  });

  it("leaves no input behind, so that the resource's 500 files suffice", async () => {
    const { options, server } = await openAzure({ maxFiles: 4 });
    const batch = await AzureOpenAIChatCompletionBatch.create(
      Array.from({ length: 6 }, (_, index) => `Question ${index}?`),
      {
        ...options(),
        requestKwargs: { model: "my-deployment" },
        maxRequestsPerJob: 1,
        maxActiveJobs: 1,
      },
    );
    await batch.start();
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(6);
    const inputs = server.files.filter(({ purpose }) => purpose === "batch");
    expect(inputs).toHaveLength(6);
    expect(inputs.every(({ deleted }) => deleted)).toBe(true);
  });

  it("waits for room that is refused at once with a 400, and pays once", async () => {
    const { file, options, server } = await openAzure({ maxEnqueuedTokens: 60 });
    const lines = ["a", "b", "c"].map((id) => `${chatLine(id)}\n`).join("");
    const batch = new AzureOpenAIChatCompletionBatch(await file(lines), {
      ...options(),
      maxRequestsPerJob: 1,
    });
    await batch.start();
    expect(server.jobs).toHaveLength(1);
    await batch.wait();
    expect(server.jobs).toHaveLength(3);
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it("waits as long as Azure wishes where there are too many jobs", async () => {
    const { file, options, server } = await openAzure({
      maxActiveBatches: 1,
      retryAfterSeconds: 1800,
    });
    const lines = ["a", "b"].map((id) => `${chatLine(id)}\n`).join("");
    const batch = new AzureOpenAIChatCompletionBatch(await file(lines), {
      ...options(),
      maxRequestsPerJob: 1,
    });
    await batch.start();
    const { shards } = await batch.getProgress();
    expect(shards[1]?.waiting?.message).toContain("Too many active batches");
    const refusedAt = server.clock.now();
    expect((shards[1]?.waiting?.until ?? 0) - refusedAt).toBeGreaterThanOrEqual(1_800_000);
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(2);
    expect(server.jobs).toHaveLength(2);
  });

  it("is refused where its requests name several deployments", async () => {
    const { file, options, server } = await openAzure();
    const other = chatLine("b").replace("my-deployment", "other");
    const path = await file(`${chatLine("a")}\n${other}\n`);
    const batch = new AzureOpenAIChatCompletionBatch(path, options());
    await expect(batch.start()).rejects.toMatchObject({
      code: "invalid_request",
      problems: [{ line: 2, customId: "b", code: "model_mismatch" }],
    });
    expect(server.requests).toEqual([]);
  });

  it("is found again by its tag where the answer to its creation is lost", async () => {
    const { options, server } = await openAzure();
    server.failNext({ method: "POST", path: /\/batches$/ }, { kind: "reset-after" });
    const batch = await AzureOpenAIChatCompletionBatch.create(["One?"], {
      ...options(),
      requestKwargs: { model: "my-deployment" },
    });
    await batch.start();
    await batch.wait();
    expect(server.jobs).toHaveLength(1);
    expect((await batch.getResults()).successful).toHaveLength(1);
  });

  it("is taken over from another tool, whose endpoint Azure shows without the version", async () => {
    const { options, server } = await openAzure();
    const first = await AzureOpenAIChatCompletionBatch.create(["One?"], {
      ...options(),
      requestKwargs: { model: "my-deployment" },
    });
    await first.start();
    const id = server.jobs[0]?.id ?? "";
    const adopted = await AzureOpenAIChatCompletionBatch.adopt(id, options());
    await adopted.wait();
    expect((await adopted.getResults()).successful).toHaveLength(1);
  });

  it("is made of responses and of embeddings, too", async () => {
    const { options } = await openAzure();
    const kwargs = { ...options(), requestKwargs: { model: "my-deployment" } };
    for (const batch of [
      await AzureOpenAIResponsesBatch.create(["One?"], kwargs),
      await AzureOpenAIEmbeddingBatch.create(["One."], kwargs),
    ]) {
      await batch.start();
      expect(await batch.wait()).toBe("completed");
    }
  });

  it("asks with a token of Entra ID, fetched anew for each request", async () => {
    vi.stubEnv("AZURE_OPENAI_API_KEY", "");
    const { options, server } = await openAzure();
    let tokens = 0;
    const batchKwargs = {
      endpoint: options().batchKwargs.endpoint ?? "",
      azureADTokenProvider: async () => {
        tokens += 1;
        return "azure-key";
      },
    };
    const batch = await AzureOpenAIChatCompletionBatch.create(["One?"], {
      ...options(),
      batchKwargs,
      requestKwargs: { model: "my-deployment" },
    });
    await batch.start();
    await batch.wait();
    expect(tokens).toBe(server.requests.length);
    const { headers } = server.requests[0] ?? {};
    expect(headers?.authorization).toBe("Bearer azure-key");
    vi.unstubAllEnvs();
  });
});

describe("a wrong key", () => {
  it("is told at once, with where to look and without the key", async () => {
    const { options, server } = await openAzure();
    const batch = await AzureOpenAIChatCompletionBatch.create(["One?"], {
      ...options({ apiKey: "wrong-key-canary" }),
      requestKwargs: { model: "my-deployment" },
    });
    const error: unknown = await batch.start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "rejected", provider: "azure-openai", status: 401 });
    expect(String(error)).toContain("AZURE_OPENAI_API_KEY");
    expect(String(error)).not.toContain("wrong-key-canary");
    expect(server.jobs).toEqual([]);
  });
});
