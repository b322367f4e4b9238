import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { askHandler } from "../src/ask-handler.js";
import type { Handler } from "../src/local-options.js";
import type { Question } from "../src/question.js";
import { json, startAnsweringServer } from "./support/answering-server.js";

const question: Question = {
  customId: "a",
  url: "/v1/embeddings",
  body: Buffer.from('{"model":"m","input":"grüß dich"}'),
};
const never = new AbortController().signal;

/** What comes of a function that returns or throws this. */
function answerTo(work: () => unknown, signal: AbortSignal = never) {
  return askHandler(work as Handler)(question, signal);
}

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

describe("a handler", () => {
  it("is called with the whole request and the signal, and what it returns is the body", async () => {
    const seen: unknown[] = [];
    const answer = await askHandler((...given) => {
      seen.push(...given);
      return { data: [{ embedding: [1, 2] }], skipped: undefined };
    })(question, never);
    expect(seen).toEqual([
      {
        custom_id: "a",
        method: "POST",
        url: "/v1/embeddings",
        body: { model: "m", input: "grüß dich" },
      },
      { signal: expect.any(AbortSignal) },
    ]);
    expect(answer).toEqual({
      came: "response",
      status: 200,
      text: '{"data":[{"embedding":[1,2]}]}',
    });
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a list", [1]],
    ["a string", "text"],
    ["a string", '{"choices":[]}'],
    ["a number", 7],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a object", { toJSON: () => "text" }],
  ])("that returns %s has failed", async (found, value) => {
    expect(await answerTo(async () => value)).toEqual({
      came: "thrown",
      message: `\`handler\` returned ${found}. Return the body of the answer, an object as the endpoint's.`,
    });
  });

  it("that returns what has no JSON has failed", async () => {
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    for (const value of [circle, { count: 1n }]) {
      expect(await answerTo(() => value)).toMatchObject({ came: "thrown" });
    }
  });

  it.each([
    [new Error("No luck."), "No luck."],
    [new RangeError(), "RangeError"],
    ["a text", "a text"],
    [undefined, "undefined"],
    [{ reason: "odd" }, '{"reason":"odd"}'],
    [Symbol("s"), "Symbol(s)"],
    [Object.create(null, { toJSON: { value: () => undefined } }), "It threw what has no text."],
    [Object.assign(new Error("Odd."), { status: 200 }), "Odd."],
    [Object.assign(new Error("Odd."), { status: "400" }), "Odd."],
    [new Error("It said Bearer sk-canary."), "It said Bearer ***"],
    [new Error("x".repeat(5000)), "x".repeat(1000)],
  ])("that throws has failed, in its words: %s", async (error, message) => {
    expect(await answerTo(throwing(error))).toEqual({ came: "thrown", message });
    expect(await answerTo(() => Promise.reject(error))).toEqual({ came: "thrown", message });
  });

  it("that calls an SDK is answered as its service answers", async () => {
    const said = { message: "Slow down.", type: "requests", code: "rate_limit_exceeded" };
    const server = await startAnsweringServer((_, response) =>
      json(response, 429, { error: said }, { "retry-after": "3", "x-request-id": "req_3" }),
    );
    const client = new OpenAI({
      apiKey: "sk-canary",
      baseURL: server.origin,
      maxRetries: 0,
      logLevel: "off",
    });
    const answer = await answerTo(() => client.embeddings.create({ model: "m", input: "x" }));
    expect(answer).toMatchObject({ came: "response", status: 429, requestId: "req_3" });
    if (answer.came !== "response") return;
    expect(JSON.parse(answer.text)).toEqual({ error: said });
    expect(answer.headers?.get("retry-after")).toBe("3");
  });

  it("that throws with no more than a status is answered with that", async () => {
    const error = Object.assign(new Error("503 Busy."), { status: 503, code: 7, type: {} });
    expect(await answerTo(throwing(error))).toEqual({
      came: "response",
      status: 503,
      headers: undefined,
      requestId: undefined,
      text: '{"error":{"message":"Busy.","code":7}}',
    });
  });

  it("is told by its signal, which is one request's own", async () => {
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    const ask = askHandler((_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const answers = [question, question].map((one) => ask(one, controller.signal));
    controller.abort("enough");
    expect(await Promise.allSettled(answers)).toMatchObject([
      { reason: "enough" },
      { reason: "enough" },
    ]);
    expect(signals.map(({ reason }) => reason)).toEqual(["enough", "enough"]);
    expect(new Set(signals).size).toBe(2);
  });

  it("that ignores its signal is left at once, whatever it does later", async () => {
    const controller = new AbortController();
    let fail = (_reason: Error) => {};
    const work = new Promise((_, reject) => {
      fail = reject;
    });
    const answer = answerTo(() => work, controller.signal);
    controller.abort("enough");
    await expect(answer).rejects.toBe("enough");
    fail(new Error("Nobody hears this."));
  });

  it("that throws because it is aborted gives the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("Enough.");
    const answer = answerTo(() => {
      controller.abort(reason);
      throw new Error("Aborted.");
    }, controller.signal);
    await expect(answer).rejects.toBe(reason);
  });

  it("is not called where the signal is aborted before", async () => {
    let calls = 0;
    const answer = answerTo(() => {
      calls += 1;
    }, AbortSignal.abort("no"));
    await expect(answer).rejects.toBe("no");
    expect(calls).toBe(0);
  });
});
