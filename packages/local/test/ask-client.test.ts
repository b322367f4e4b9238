import { getEventListeners } from "node:events";
import OpenAI, { AzureOpenAI } from "openai";
import OpenAI7, { AzureOpenAI as AzureOpenAI7 } from "openai-7";
import { describe, expect, expectTypeOf, it } from "vitest";
import { askClient } from "../src/ask-client.js";
import type { OpenAIClient } from "../src/local-options.js";
import type { Question } from "../src/question.js";
import { json, startAnsweringServer } from "./support/answering-server.js";

const question: Question = {
  customId: "a",
  url: "/v1/chat/completions",
  body: Buffer.from('{"model":"m","n": 1}'),
};
const never = new AbortController().signal;
const names = { address: "http://service/v1", secrets: ["sk-canary"] };
const completion = { id: "c", choices: [] };

describe("types", () => {
  it("take a client of either version, and its subclasses", () => {
    expectTypeOf<OpenAI>().toExtend<OpenAIClient>();
    expectTypeOf<OpenAI7>().toExtend<OpenAIClient>();
    expectTypeOf<AzureOpenAI>().toExtend<OpenAIClient>();
    expectTypeOf<AzureOpenAI7>().toExtend<OpenAIClient>();
  });
});

describe.each([
  ["6", OpenAI, AzureOpenAI],
  ["7", OpenAI7, AzureOpenAI7],
] as const)("a client of npm openai %s", (_version, Client, AzureClient) => {
  function clientWith(options: { readonly fetch?: typeof fetch; readonly baseURL?: string }) {
    const own = { apiKey: "sk-canary", baseURL: "http://service/v1", logLevel: "off" } as const;
    return new Client({ ...own, ...options }) as OpenAIClient;
  }

  it("keeps its own headers, query and fetch", async () => {
    const server = await startAnsweringServer((_, response) => json(response, 200, completion));
    let calls = 0;
    const client = new Client({
      apiKey: "k",
      baseURL: server.origin,
      logLevel: "off",
      organization: "org-1",
      defaultHeaders: { "x-own": "1" },
      defaultQuery: { q: "2" },
      fetch: (...request) => {
        calls += 1;
        return fetch(...request);
      },
    }) as OpenAIClient;
    await askClient(client, names)(question, never);
    expect(calls).toBe(1);
    expect(server.seen[0]).toMatchObject({
      path: "/chat/completions?q=2",
      headers: { "x-own": "1", "openai-organization": "org-1", authorization: "Bearer k" },
    });
  });

  it("of Azure finds its deployment", async () => {
    const server = await startAnsweringServer((_, response) => json(response, 200, completion));
    const client = new AzureClient({
      apiKey: "k",
      endpoint: server.origin,
      apiVersion: "2024-10-21",
      logLevel: "off",
    }) as OpenAIClient;
    await askClient(client, names)(question, never);
    expect(server.seen[0]).toMatchObject({
      path: "/openai/deployments/m/chat/completions?api-version=2024-10-21",
      body: Buffer.from('{"model":"m","n":1}'),
    });
  });

  it("that follows redirects against our word is not believed to have been asked", async () => {
    const refused = async () => {
      throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
    };
    const answer = await askClient(clientWith({ fetch: refused }), names)(question, never);
    expect(answer).toMatchObject({
      came: "refused-here",
      message: expect.stringContaining("Use the address it redirects to."),
    });
  });

  it.each(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"])(
    "whose fetch gives up waiting has no answer in time: %s",
    async (code) => {
      const impatient = async () => {
        const cause = Object.assign(new Error("Headers Timeout Error"), { code });
        throw new TypeError("fetch failed", { cause });
      };
      const answer = await askClient(clientWith({ fetch: impatient }), names)(question, never);
      expect(answer).toEqual({ came: "timeout" });
    },
  );

  it("whose fetch says something odd shows no key", async () => {
    const odd = async () => {
      throw new Error("I will not send Bearer sk-other nor SK-canary.");
    };
    const answer = await askClient(clientWith({ fetch: odd }), names)(question, never);
    expect(answer).toEqual({
      came: "no-answer",
      reason: "I will not send Bearer *** nor ***.",
      isUnsent: false,
    });
  });

  it("leaves nothing behind on a signal that many requests share", async () => {
    const answered = async () => new Response("{}");
    const ask = askClient(clientWith({ fetch: answered }), names);
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round += 1) await ask(question, signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("whose fetch never listens is left at once", async () => {
    const deaf = () => new Promise<Response>(() => {});
    const controller = new AbortController();
    const answer = askClient(clientWith({ fetch: deaf }), names)(question, controller.signal);
    controller.abort("enough");
    await expect(answer).rejects.toBe("enough");
  });

  it("that answers more than 64 MiB has no answer", async () => {
    const block = new Uint8Array(1024 * 1024);
    const flood = async () => {
      const stream = new ReadableStream({ pull: (controller) => controller.enqueue(block) });
      return new Response(stream, { status: 200 });
    };
    const answer = await askClient(clientWith({ fetch: flood }), names)(question, never);
    expect(answer).toEqual({
      came: "no-answer",
      reason: "the answer is too long",
      isUnsent: false,
    });
  });

  it("gives back what an error body says in other ways", async () => {
    const bodies: [string, RegExp][] = [
      ['{"error":"not loaded"}', /not loaded/],
      ['"not loaded"', /^$|not loaded/],
      ["not loaded", /^not loaded$/],
    ];
    for (const [body, pattern] of bodies) {
      const answered = async () => new Response(body, { status: 400 });
      const answer = await askClient(clientWith({ fetch: answered }), names)(question, never);
      expect(answer).toMatchObject({
        came: "response",
        status: 400,
        text: expect.stringMatching(pattern),
      });
    }
  });
});
