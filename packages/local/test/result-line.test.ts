import { describe, expect, it } from "vitest";
import { isSuccess, resultLine } from "../src/result-line.js";

describe("the line of a request", () => {
  it("has the body of the answer as it came", () => {
    const body = '{"id": 12345678901234567890, "x": 1.10}';
    const response = { status_code: 200, request_id: "req-1", body };
    expect(
      resultLine("job-0", 'a"b', { is: "result", response, error: null, usage: undefined }),
    ).toBe(
      `{"id":"job-0","custom_id":"a\\"b","response":{"status_code":200,"request_id":"req-1","body":${body}},"error":null}`,
    );
  });

  it("has the error where there is no answer, and both where the answer does not say it", () => {
    const error = { code: "timeout", message: "No." };
    const none = { is: "result", response: null, error, usage: undefined } as const;
    expect(JSON.parse(resultLine("job-1", "a", none))).toEqual({
      id: "job-1",
      custom_id: "a",
      response: null,
      error,
    });
    const both = { ...none, response: { status_code: 502, body: '"Bad"' } };
    expect(JSON.parse(resultLine("job-1", "a", both))).toEqual({
      id: "job-1",
      custom_id: "a",
      response: { status_code: 502, body: "Bad" },
      error,
    });
    expect([none, both].map(isSuccess)).toEqual([false, false]);
  });
});
