import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";
import { creates, seen } from "./support/requests.js";

const accounts = {
  "sk-right": { organization: "first", project: "proj_1" },
  "sk-right-too": { organization: "first", project: "proj_1" },
  "sk-other-company": { organization: "second", project: "proj_1" },
  "sk-other-project": { organization: "first", project: "proj_2" },
};
const wrongKeys = ["sk-other-company", "sk-other-project"] as const;
const three = [chatLine("a"), chatLine("b"), chatLine("c")];

async function open() {
  const { server, options, file } = await openHarness({ accounts });
  /** The options of a process that has this key. */
  const withKey = (apiKey: keyof typeof accounts, more: { readonly fetch?: typeof fetch } = {}) => {
    const client = new OpenAI({ apiKey, baseURL: server.url, maxRetries: 0, ...more });
    return { ...options, batchKwargs: { client } };
  };
  const start = async (more: Parameters<typeof withKey>[1] = {}, signal?: AbortSignal) => {
    const path = await file(...three);
    const batch = new OpenAIChatCompletionBatch(path, withKey("sk-right", more));
    await batch.start(signal ? { signal } : {}).catch((error: unknown) => {
      if (error !== signal?.reason) throw error;
    });
    return batch.id;
  };
  const load = (id: string, apiKey: keyof typeof accounts) =>
    OpenAIChatCompletionBatch.load(id, withKey(apiKey));
  return { server, start, load };
}

/** A batch whose create was taken, while its process ended before any answer. */
async function openWithLostCreate() {
  const { server, start, load } = await open();
  const killed = new AbortController();
  server.failNext(creates, { kind: "reset-after" });
  const id = await start(
    {
      async fetch(...request) {
        try {
          return await fetch(...request);
        } catch (error) {
          killed.abort(new Error("The process was killed."));
          throw error;
        }
      },
    },
    killed.signal,
  );
  expect(server.jobs).toHaveLength(1);
  return { server, id, load };
}

describe("a batch whose create was taken under one key and never answered", () => {
  it.each(wrongKeys)("is neither created again nor given up under another: %s", async (apiKey) => {
    const { server, id, load } = await openWithLostCreate();
    const wrong = await load(id, apiKey);
    const error = { code: "wrong_account" };
    await expect(wrong.start()).rejects.toMatchObject(error);
    await expect(wrong.wait()).rejects.toMatchObject(error);
    await expect((await load(id, apiKey)).wait()).rejects.toMatchObject(error);
    expect(server.jobs).toHaveLength(1);
    expect(seen(server, creates)).toHaveLength(1);

    const right = await load(id, "sk-right");
    await right.start();
    expect(await right.wait()).toBe("completed");
    expect((await right.getResults()).successful).toHaveLength(3);
    expect(server.jobs).toHaveLength(1);
    expect(seen(server, creates)).toHaveLength(1);
  });

  it("is found under another key of the same account", async () => {
    const { server, id, load } = await openWithLostCreate();
    const right = await load(id, "sk-right-too");
    await right.start();
    expect(await right.wait()).toBe("completed");
    expect((await right.getResults()).successful).toHaveLength(3);
    expect(server.jobs).toHaveLength(1);
  });
});

describe("a batch that runs under one key", () => {
  it.each(wrongKeys)("is not said to be lost under another: %s", async (apiKey) => {
    const { server, start, load } = await open();
    const id = await start();
    const wrong = await load(id, apiKey);
    const error: unknown = await wrong.getStatus().catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "wrong_account" });
    for (const key of Object.keys(accounts)) expect(String(error)).not.toContain(key);

    const right = await load(id, "sk-right");
    expect(await right.wait()).toBe("completed");
    expect((await right.getResults()).successful).toHaveLength(3);
    expect(server.jobs).toHaveLength(1);
  });
});
