import { describe, expect, it } from "vitest";
import { script } from "./support/answer-script.js";
import { chat, createBatch, oneDay } from "./support/batch-order.js";
import { chatLines } from "./support/input-lines.js";
import { idsOf, type ResultLine, resultsOf } from "./support/result-lines.js";
import { startFake } from "./support/start-fake.js";

describe("what becomes of a request", () => {
  it("shuffles the results, the same way for the same seed, and leaves none out", async () => {
    const orders: string[][] = [];
    for (const seed of [7, 7, 8]) {
      const { fake, client } = await startFake({ seed });
      const { id } = await createBatch(client, chatLines(200));
      fake.clock.advance(oneDay);
      const done = await client.batches.retrieve(id);
      orders.push(idsOf(await resultsOf(client, done.output_file_id)));
    }
    const [first = [], second, third] = orders;
    const inOrder = Array.from({ length: 200 }, (_, id) => `r${id}`);
    expect(first).not.toEqual(inOrder);
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
    expect(first.toSorted()).toEqual(inOrder.toSorted());
  });

  it("keeps every result of a batch that is shuffled piece by piece", async () => {
    const { fake, client } = await startFake();
    const { id } = await createBatch(client, chatLines(4500));
    fake.clock.advance(6000);
    await client.batches.cancel(id);
    fake.clock.advance(1000);
    const cancelled = await client.batches.retrieve(id);
    const output = await resultsOf(client, cancelled.output_file_id);
    const errors = await resultsOf(client, cancelled.error_file_id);
    expect(output).toHaveLength(Number(cancelled.request_counts?.completed));
    expect(Math.abs(output.length - 2250)).toBeLessThan(20);
    expect(output.length + errors.length).toBe(4500);
    expect(new Set(idsOf([...output, ...errors])).size).toBe(4500);
  }, 30_000);

  it("plays every outcome", async () => {
    const { fake, client } = await startFake(
      script({
        r0: { kind: "succeed", body: { mine: true, usage: { input_tokens: 3 } } },
        r1: { kind: "fail", status: 429, code: "rate_limit_exceeded", message: "Slow down." },
        r2: { kind: "refuse", code: "invalid_request", message: "No." },
        r3: { kind: "drop" },
        r4: { kind: "twice" },
        r5: { kind: "twice", conflicting: true },
        r6: { kind: "fail", status: 400, file: "output" },
        r7: { kind: "line", file: "output", text: '{"half' },
      }),
    );
    const { id } = await createBatch(client, chatLines(9));
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    expect(done.request_counts).toEqual({ total: 9, completed: 5, failed: 3 });

    const output = await (await client.files.content(String(done.output_file_id))).text();
    const lines = output.trimEnd().split("\n");
    expect(lines).toContain('{"half');
    const parsed: ResultLine[] = lines
      .filter((line) => line !== '{"half')
      .map((line) => JSON.parse(line));
    expect(idsOf(parsed).sort()).toEqual(["r0", "r4", "r4", "r5", "r6", "r8"]);
    expect(parsed.find((line) => line.custom_id === "r0")?.response?.body).toEqual({
      mine: true,
      usage: { input_tokens: 3 },
    });
    expect(parsed.find((line) => line.custom_id === "r6")).toMatchObject({
      response: { status_code: 400, body: { error: { type: "invalid_request_error" } } },
      error: null,
    });

    const errors = await resultsOf(client, done.error_file_id);
    errors.sort((left, right) => left.custom_id.localeCompare(right.custom_id));
    expect(errors).toMatchObject([
      {
        custom_id: "r1",
        response: {
          status_code: 429,
          body: { error: { message: "Slow down.", code: "rate_limit_exceeded", param: null } },
        },
        error: null,
      },
      { custom_id: "r2", response: null, error: { code: "invalid_request", message: "No." } },
      { custom_id: "r5", response: { status_code: 500 }, error: null },
    ]);
  });

  it("completes with an error file alone where everything failed", async () => {
    const { fake, client } = await startFake({ answer: () => ({ kind: "fail", status: 500 }) });
    const { id } = await createBatch(client, chatLines(2));
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    expect(done).toMatchObject({
      status: "completed",
      output_file_id: null,
      request_counts: { completed: 0, failed: 2 },
    });
    expect(await resultsOf(client, done.error_file_id)).toHaveLength(2);
  });

  it("asks once for each request, with its line", async () => {
    const asked: unknown[] = [];
    const { fake, client } = await startFake({
      answer: (request) => {
        asked.push(request);
        return { kind: "succeed" };
      },
    });
    const { id } = await createBatch(client, `\n${chatLines(2)}`);
    fake.clock.advance(oneDay);
    await client.batches.retrieve(id);
    expect(asked).toMatchObject([
      { custom_id: "r0", url: chat, line: 2, body: { model: "gpt-test" } },
      { custom_id: "r1", url: chat, line: 3 },
    ]);
  });

  it.each([
    [chat, { messages: [{ role: "user", content: "hey" }] }, "chat.completion"],
    [chat, { messages: [{ role: "user", content: [{ text: "hey" }] }] }, "chat.completion"],
    ["/v1/responses", { input: "hey" }, "response"],
    ["/v1/responses", { input: [{ role: "user", content: "hey" }] }, "response"],
    ["/v1/completions", { prompt: "hey" }, "text_completion"],
  ] as const)("answers %s with what was said", async (endpoint, body, object) => {
    const { fake, client } = await startFake();
    const line = { custom_id: "a", method: "POST", url: endpoint, body: { model: "m1", ...body } };
    const { id } = await createBatch(client, JSON.stringify(line), { endpoint });
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    const [result] = await resultsOf(client, done.output_file_id);
    expect(result?.response).toMatchObject({ status_code: 200, body: { object, model: "m1" } });
    expect(JSON.stringify(result?.response?.body)).toContain('"You said: hey"');
    // "hey" is one token of four characters, "You said: hey" is four.
    expect(done.usage).toMatchObject({ input_tokens: 1, output_tokens: 4, total_tokens: 5 });
  });

  it.each([
    [
      "/v1/moderations",
      { input: ["a", "b"] },
      { results: [{ flagged: false }, { flagged: false }] },
    ],
    ["/v1/images/generations", { prompt: "a" }, { data: [{ b64_json: expect.any(String) }] }],
    ["/v1/videos", { prompt: "a" }, { object: "video", status: "completed" }],
  ] as const)("answers %s in its shape", async (endpoint, body, expected) => {
    const { fake, client } = await startFake();
    const line = { custom_id: "a", method: "POST", url: endpoint, body };
    const { id } = await createBatch(client, JSON.stringify(line), { endpoint });
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    const [result] = await resultsOf(client, done.output_file_id);
    expect(result?.response?.body).toMatchObject(expected);
  });

  it("embeds the same text the same way, as numbers or as base64", async () => {
    const { fake, client } = await startFake();
    const line = (custom_id: string, input: unknown, rest: object = {}): string =>
      JSON.stringify({
        custom_id,
        method: "POST",
        url: "/v1/embeddings",
        body: { model: "e", input, dimensions: 3, ...rest },
      });
    const lines = [
      line("a", "x"),
      line("b", ["y", "x"]),
      line("c", "x", { encoding_format: "base64" }),
    ];
    const { id } = await createBatch(client, lines.join("\n"), { endpoint: "/v1/embeddings" });
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    const results = await resultsOf(client, done.output_file_id);
    const vectorsOf = (customId: string): unknown[] => {
      const body = results.find((result) => result.custom_id === customId)?.response?.body;
      const data = (body?.data ?? []) as { embedding: unknown }[];
      return data.map((each) => each.embedding);
    };
    const [x] = vectorsOf("a") as number[][];
    expect(x).toHaveLength(3);
    expect(vectorsOf("b")[1]).toEqual(x);
    expect(vectorsOf("b")[0]).not.toEqual(x);
    const bytes = Buffer.from(String(vectorsOf("c")[0]), "base64");
    expect(bytes.readFloatLE(0)).toBeCloseTo(Number(x?.[0]), 5);
  });
});
