import { describe, expect, it } from "vitest";
import type { Outcome } from "../src/fake-anthropic.js";
import {
  create,
  headers,
  oneDay,
  requests,
  resultLines,
  resultsOf,
  script,
  startFake,
} from "./support/start-fake-anthropic.js";

/** The lines of a batch of one request with this outcome. */
async function linesOf(outcome: Outcome): Promise<string[]> {
  const { fake, client } = await startFake({ answer: () => outcome });
  const { id } = await create(client, 1);
  fake.clock.advance(oneDay);
  return resultLines(fake, id);
}

/** The result of one request with these params, whether or not the types allow them. */
async function resultOf(params: object): Promise<Record<string, unknown>> {
  const { fake } = await startFake();
  const body = JSON.stringify({ requests: [{ custom_id: "a", params }] });
  const url = `${fake.url}/v1/messages/batches`;
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
  fake.clock.advance(oneDay);
  const [line] = await resultLines(fake, fake.jobs[0]?.id ?? "");
  return JSON.parse(String(line)).result;
}

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const use = (id: string) => ({ type: "tool_use", id, name: "t", input: {} });
const done = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "x" });
const right = { model: "m", max_tokens: 1, messages: [user("hello")] };

describe("an outcome", () => {
  it("is a realistic message where nothing else is said", async () => {
    const [line = ""] = await linesOf({ kind: "succeed" });
    expect(JSON.parse(line)).toEqual({
      custom_id: "r0",
      result: {
        type: "succeeded",
        message: {
          id: expect.stringMatching(/^msg_01/),
          type: "message",
          role: "assistant",
          model: "claude-test",
          content: [{ type: "text", text: "You said: text 0" }],
          stop_reason: "end_turn",
          stop_sequence: null,
          stop_details: null,
          usage: {
            input_tokens: 2,
            output_tokens: expect.any(Number),
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            service_tier: "batch",
          },
        },
      },
    });
  });

  it("is a message with fields of the script's own", async () => {
    const message = { stop_reason: "refusal", content: [] };
    const [line = ""] = await linesOf({ kind: "succeed", message });
    expect(JSON.parse(line).result.message).toMatchObject({ ...message, model: "claude-test" });
  });

  it("is an error in an envelope of its own", async () => {
    const [line = ""] = await linesOf({ kind: "error", type: "api_error", message: "Oh." });
    expect(JSON.parse(line)).toEqual({
      custom_id: "r0",
      result: {
        type: "errored",
        error: {
          type: "error",
          error: { type: "api_error", message: "Oh." },
          request_id: expect.stringMatching(/^req_/),
        },
      },
    });
  });

  it("may be no line, a line twice, or any text", async () => {
    expect(await linesOf({ kind: "drop" })).toEqual([""]);
    const [one, other] = await linesOf({ kind: "twice" });
    expect(one).toContain('"succeeded"');
    expect(other).toBe(one);
    const [first, second] = await linesOf({ kind: "twice", conflicting: true });
    expect(first).toContain('"succeeded"');
    expect(second).toContain('"errored"');
    expect(await linesOf({ kind: "line", text: "{broken" })).toEqual(["{broken"]);
  });

  it("stays as it is where the batch is canceled after it", async () => {
    const { fake, client } = await startFake(
      script({ r0: { kind: "twice" }, r1: { kind: "line", text: "?" }, r2: { kind: "drop" } }),
    );
    const { id } = await create(client, 5);
    fake.clock.advance(8000);
    await client.messages.batches.cancel(id);
    fake.clock.advance(1000);
    const lines = (await resultLines(fake, id)).sort();
    expect(lines).toHaveLength(5);
    expect(lines.filter((line) => line.includes('"r0"'))).toHaveLength(2);
    expect(lines).toContain("?");
    expect(lines).toContain('{"custom_id":"r4","result":{"type":"canceled"}}');
  });

  it("of a script that throws is told to the client and creates nothing", async () => {
    const { fake, client } = await startFake({
      answer: () => {
        throw new Error("no script for this");
      },
    });
    await expect(create(client, 1)).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining("no script for this"),
    });
    expect(fake.jobs).toEqual([]);
  });
});

describe("a message that was asked for in a special way", () => {
  it("uses the tool that must be used", async () => {
    const input_schema = {
      type: "object",
      properties: { city: { type: "string" }, days: { $ref: "#/$defs/days" } },
      required: ["city", "days"],
      $defs: { days: { type: "integer", minimum: 1 } },
    };
    const tools = [{ name: "other" }, { name: "weather", input_schema }];
    const forced = { ...right, tools, tool_choice: { type: "tool", name: "weather" } };
    const input = { city: "You said: hello", days: 1 };
    expect(await resultOf(forced)).toMatchObject({
      message: {
        content: [{ type: "tool_use", name: "weather", input }],
        stop_reason: "tool_use",
      },
    });
    expect(await resultOf({ ...right, tools, tool_choice: { type: "any" } })).toMatchObject({
      message: { content: [{ type: "tool_use", name: "other", input: {} }] },
    });
  });

  it("is JSON that fits its schema, after some thinking", async () => {
    const schema = {
      type: "object",
      properties: { kind: { enum: ["a", "b"] }, tags: { type: "array" }, ok: { type: "boolean" } },
      required: ["kind", "tags", "ok"],
    };
    const output_config = { format: { type: "json_schema", schema } };
    expect(
      await resultOf({ ...right, output_config, thinking: { type: "adaptive" } }),
    ).toMatchObject({
      message: {
        content: [
          { type: "thinking", thinking: expect.any(String), signature: expect.any(String) },
          { type: "text", text: '{"kind":"a","tags":[],"ok":false}' },
        ],
      },
    });
  });
});

describe("params", () => {
  it.each<[said: string, params: object, message: string]>([
    ["no model", { model: undefined }, "model: Field required"],
    ["an empty model", { model: "" }, "model: String"],
    ["no max_tokens", { max_tokens: undefined }, "max_tokens: Field required"],
    ["half a token", { max_tokens: 0.5 }, "max_tokens: Input should be a valid integer"],
    ["max_tokens of 0", { max_tokens: 0 }, "max_tokens: Input should be greater"],
    ["stream", { stream: true }, "stream: "],
    ["speed", { speed: "fast" }, "speed: "],
    ["store", { store: true }, "store: "],
    ["no messages", { messages: undefined }, "messages: Field required"],
    ["messages that are no list", { messages: "x" }, "messages: Input should be a valid list"],
    ["an empty list of messages", { messages: [] }, "messages: at least one"],
    ["a wrong role", { messages: [{ role: "tool", content: "x" }] }, "messages.0.role: "],
    ["the assistant first", { messages: [assistant("x")] }, "messages: first message must"],
    ["an empty content", { messages: [user("")] }, "messages.0: all messages must have"],
    ["an empty text", { messages: [user([{ type: "text", text: "" }])] }, "must be non-empty"],
    ["an empty system text", { system: [{ type: "text", text: "" }] }, "system: text content"],
    ["a result of no use", { messages: [user([done("u1")])] }, "messages.0: unexpected"],
    [
      "a result that is not first",
      {
        messages: [
          user("x"),
          assistant([use("u1")]),
          user([{ type: "text", text: "y" }, done("u1")]),
        ],
      },
      "messages.2: `tool_result` blocks must come before",
    ],
    [
      "a use without a result",
      { messages: [user("x"), assistant([use("u1"), use("u2")]), user([done("u1")])] },
      "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: u2",
    ],
  ])("with %s end as an error", async (_, params, message) => {
    expect(await resultOf({ ...right, ...params })).toMatchObject({
      type: "errored",
      error: {
        error: { type: "invalid_request_error", message: expect.stringContaining(message) },
      },
    });
  });

  it("with tools that were used and answered are right", async () => {
    const messages = [
      user("x"),
      assistant([{ type: "text", text: "y" }, use("u1"), use("u2")]),
      user([done("u1")]),
      user([done("u2"), { type: "text", text: "and now?" }]),
    ];
    expect(await resultOf({ ...right, messages })).toMatchObject({ type: "succeeded" });
  });

  it("that are wrong are not asked of the script", async () => {
    const asked: number[] = [];
    const { fake, client } = await startFake({
      answer: ({ index }) => {
        asked.push(index);
        return { kind: "succeed" };
      },
    });
    const [first, second] = requests(2);
    if (!first || !second) throw new Error("There are two requests.");
    const wrong = { ...first, params: { ...first.params, max_tokens: 0 } };
    const { id } = await client.messages.batches.create({ requests: [wrong, second] });
    fake.clock.advance(oneDay);
    expect(asked).toEqual([1]);
    expect((await resultsOf(client, id)).map((line) => line.result.type).sort()).toEqual([
      "errored",
      "succeeded",
    ]);
  });
});
