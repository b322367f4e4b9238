import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine } from "../src/one-line.js";
import { judge } from "../src/verdict.js";
import { asked, canary, response, saying } from "./support/answers.js";

describe("a success", () => {
  it("is a result, byte for byte", () => {
    const text = '{"id": "c","big":12345678901234567890, "key":"sk-canary/5up3r"}';
    expect(judge({ came: "response", status: 200, requestId: "req_1", text }, asked)).toEqual({
      is: "result",
      response: { status_code: 200, request_id: "req_1", body: text },
      error: null,
    });
  });

  it.each([
    [{ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }],
    [{ input_tokens: 1, output_tokens: 2, total_tokens: 3 }],
  ])("says what it cost: %j", (usage) => {
    expect(judge(response(200, { usage }), asked)).toMatchObject({
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });

  it("is on one line, however it came", () => {
    for (const text of ['\uFEFF{"a":1}\r\n', '{\n\t"a":1\r\n}', '\n\n{"a":\n\n  1}']) {
      expect(judge(response(200, text), asked)).toMatchObject({ response: { body: '{"a":1}' } });
    }
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("\t", "  ", "\r"), (value, indent) => {
        const line = oneLine(JSON.stringify(value, null, indent));
        expect(line).not.toMatch(/[\r\n]/);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ["", "The answer is empty."],
    ["<html>\n <body>", "The answer is no JSON object: <html> <body>"],
    ["[1]", "The answer is no JSON object: [1]"],
    ['"text"', 'The answer is no JSON object: "text"'],
    ["null", "The answer is no JSON object: null"],
    ['{"a":', 'The answer is no JSON object: {"a":'],
    [`x${canary}`, "The answer is no JSON object: x***"],
    ["y".repeat(5000), `The answer is no JSON object: ${"y".repeat(200)}…`],
  ])("that is no object is asked again, in the end to say so: %j", (text, message) => {
    expect(judge(response(200, text), asked)).toEqual({
      is: "again",
      how: "failed",
      counts: true,
      result: { is: "result", response: null, error: { code: "invalid_response", message } },
    });
  });

  it("that is a stream is not paid twice", () => {
    expect(judge(response(200, 'data: {"choices":[]}\n\ndata: [DONE]'), asked)).toMatchObject({
      is: "result",
      response: null,
      error: { code: "invalid_request", message: expect.stringContaining("`stream`") },
    });
  });
});

describe("an answer about its request", () => {
  it.each([400, 413, 422, 403, 404, 409, 410, 414, 418, 451])(
    "is its result, whose body says why: %d",
    (status) => {
      const body = saying("The content of this model is wrong.", "some_code");
      const verdict = judge(response(status, body), asked);
      const result = verdict.is === "again" ? verdict.result : verdict;
      expect(result).toEqual({
        is: "result",
        response: { status_code: status, body: JSON.stringify(body) },
        error: null,
      });
    },
  );

  it.each<[unknown, { readonly code: string; readonly message: string; readonly body?: string }]>([
    [
      { detail: [{ loc: ["body", "n"], msg: "Input should be valid", type: "int" }] },
      { code: "http_422", message: "The request was answered with 422: Input should be valid" },
    ],
    [
      { object: "error", message: "Too long.", type: "BadRequestError", code: 400 },
      { code: "http_422", message: "The request was answered with 422: Too long." },
    ],
    [
      { error: "No such option.", code: "x" },
      { code: "http_422", message: "The request was answered with 422: No such option." },
    ],
    [
      [{ error: { code: "bad", message: "In a list." } }],
      { code: "bad", message: "The request was answered with 422: In a list." },
    ],
    [
      { odd: true },
      { code: "http_422", message: 'The request was answered with 422: {"odd":true}' },
    ],
    [
      "Plain\n words",
      {
        code: "http_422",
        message: "The request was answered with 422: Plain words",
        body: '"Plain\\n words"',
      },
    ],
    [
      "<h1>422</h1>",
      {
        code: "http_422",
        message: "The request was answered with 422: <h1>422</h1>",
        body: '"<h1>422</h1>"',
      },
    ],
    ["", { code: "http_422", message: "The request was answered with 422", body: '""' }],
  ])("says why in a result where its body does not do so as OpenAI's: %j", (body, expected) => {
    const { code, message, body: kept = JSON.stringify(body) } = expected;
    expect(judge(response(422, body), asked)).toEqual({
      is: "result",
      response: { status_code: 422, body: kept },
      error: { code, message },
    });
  });

  it("hides keys in its body, which stays JSON", () => {
    const said = `He said "Bearer abc" and ${canary}.`;
    expect(judge(response(400, { error: { message: said, [`x${canary}`]: 12 } }), asked)).toEqual({
      is: "result",
      response: {
        status_code: 400,
        body: '{"error":{"message":"He said \\"Bearer ***\\" and ***.","x***":12}}',
      },
      error: null,
    });
  });

  it("hides keys that JSON can write in other ways", () => {
    const escaped = canary.replace("s", "\\u0073").replace("/", "\\/");
    const texts = [
      `{"error":{"message":"${escaped}"}}`,
      `{"error":{"message":"${canary}","message":"***"}}`,
    ];
    for (const text of texts) {
      expect(judge(response(400, text), asked)).toMatchObject({
        response: { body: '{"error":{"message":"***"}}' },
      });
    }
  });

  it("is cut where it is longer than anything that is an error", () => {
    const verdict = judge(response(400, { error: { message: "x".repeat(2_000_000) } }), asked);
    const body = verdict.is === "result" ? verdict.response?.body : undefined;
    expect(body?.length).toBeLessThan(4200);
  });
});
