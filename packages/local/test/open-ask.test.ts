import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import type { LocalOptions } from "../src/local-options.js";
import { openAsk } from "../src/open-ask.js";

const baseURL = "http://127.0.0.1:1/v1";
const handler = () => ({});
const client = new OpenAI({ apiKey: "sk-first", baseURL: "http://user:word@host/v1/?key=q" });

describe("who is asked", () => {
  it("is one of three", () => {
    expect(openAsk({ baseURL })).toMatchObject({ address: baseURL });
    expect(openAsk({ client })).toMatchObject({ address: "http://host/v1" });
    expect(openAsk({ handler })).not.toHaveProperty("address");
  });

  it("is somebody", () => {
    for (const options of [{}, { apiKey: "k" }]) {
      expect(() => openAsk(options)).toThrowError(
        expect.objectContaining({
          code: "missing_setting",
          message:
            "Nobody is named who answers. Say who: `batchKwargs: { baseURL }`, `{ client }` or `{ handler }`.",
        }),
      );
    }
  });

  it.each<[LocalOptions, string]>([
    [{ handler, client }, "`handler` and `client` are given, but one answers."],
    [{ handler, baseURL }, "`handler` and `baseURL` are given, but one answers."],
    [
      { handler, client, baseURL },
      "`handler` and `client` and `baseURL` are given, but one answers.",
    ],
    [{ handler, apiKey: "k" }, "`apiKey` goes with `baseURL`, but `handler` is given."],
    [{ client, headers: {} }, "`headers` goes with `baseURL`, but `client` is given."],
    [{ handler: "x" as never }, "`handler` is no function."],
    [{ client: {} as never }, "`client` is no client of npm `openai`."],
    [{ client: null as never }, "`client` is no client of npm `openai`."],
    [{ client: { ...client, post: client.post, baseURL: "x" } as never }, "no address of HTTP"],
    [{ baseURL: "host" }, "`baseURL` is no address of HTTP."],
  ])("contradicts nothing: %j", (options, message) => {
    expect(() => openAsk(options)).toThrowError(message);
    expect(() => openAsk(options)).toThrowError(
      expect.objectContaining({ code: "invalid_option", provider: "local" }),
    );
  });

  it("has secrets, at any moment those of then", () => {
    expect(openAsk({ handler }).secrets).toEqual([]);
    const endpoint = openAsk({ baseURL, apiKey: "k", headers: { "x-key": "long-enough", n: "1" } });
    expect(endpoint.secrets).toEqual(["k", "long-enough", "long-enough"]);
    const asked = openAsk({ client });
    expect(asked.secrets).toEqual(["sk-first", expect.any(String), "word", "q"]);
    client.apiKey = "sk-second";
    expect(asked.secrets[0]).toBe("sk-second");
  });
});

describe("an option", () => {
  it.each<[string, unknown, string]>([
    ["concurrency", 0, "0; use a whole number from 1 up."],
    ["concurrency", 1.5, "1.5; use a whole number from 1 up."],
    ["maxConcurrency", "8", '"8"; use a whole number from 1 up.'],
    ["requestsPerMinute", Number.NaN, "NaN; use a whole number from 1 up."],
    ["tokensPerMinute", -1, "-1; use a whole number from 1 up."],
    ["retries", -1, "-1; use a whole number from 0 up."],
    ["retries", Number.POSITIVE_INFINITY, "Infinity; use a whole number from 0 up."],
    ["timeoutMs", 0, "0; use a number of milliseconds above 0, to 2147483647."],
    ["timeoutMs", "5", '"5"; use a number of milliseconds above 0, to 2147483647.'],
    [
      "timeoutMs",
      2_147_483_648,
      "2147483648; use a number of milliseconds above 0, to 2147483647.",
    ],
    ["groupByPrefix", "yes", '"yes"; use `true` or `false`.'],
  ])("is a value that can be used: %s %j", (name, value, message) => {
    const open = () => openAsk({ baseURL, [name]: value });
    expect(open).toThrowError(`\`${name}\` is ${message}`);
    expect(open).toThrowError(expect.objectContaining({ code: "invalid_option" }));
  });

  it("may be at its least", () => {
    openAsk({ baseURL, concurrency: 1, requestsPerMinute: 1, tokensPerMinute: 1, retries: 0 });
    openAsk({ baseURL, maxConcurrency: 1, timeoutMs: 0.5, groupByPrefix: true });
  });

  it("does not contradict another one", () => {
    expect(() => openAsk({ baseURL, concurrency: 4, maxConcurrency: 8 })).toThrowError(
      "Give one of them.",
    );
  });
});
