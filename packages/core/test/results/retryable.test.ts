import { describe, expect, it } from "vitest";
import { isRetryable } from "../../src/results/retryable.js";

const answered = (status: number, code = `http_${status}`) =>
  Buffer.from(
    JSON.stringify({
      custom_id: "a",
      response: { status_code: status, body: {} },
      error: { code, message: "It did not work." },
    }),
  );

const unanswered = (code: string) =>
  Buffer.from(JSON.stringify({ custom_id: "a", response: null, error: { code, message: "No." } }));

describe("a request without a success", () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 529])("may work after a %i", (status) => {
    expect(isRetryable(answered(status))).toBe(true);
  });

  it.each([400, 401, 403, 404, 413, 422])("can never work after a %i", (status) => {
    expect(isRetryable(answered(status))).toBe(false);
  });

  it.each(["batch_expired", "batch_cancelled", "missing", "job_failed", "a_new_code"])(
    "may work after %s",
    (code) => {
      expect(isRetryable(unanswered(code))).toBe(true);
    },
  );

  it.each(["rejected", "invalid_request", "context_length_exceeded"])(
    "can never work after %s",
    (code) => {
      expect(isRetryable(unanswered(code))).toBe(false);
    },
  );

  it("may work where the answer came with a success's status and in an unknown shape", () => {
    expect(isRetryable(answered(200, "invalid_response"))).toBe(true);
  });

  it("can never work where its content is refused, whatever the status", () => {
    expect(isRetryable(answered(200, "content_filter"))).toBe(false);
    expect(isRetryable(answered(500, "content_policy_violation"))).toBe(false);
  });

  it("can never work where its job failed because of its input, with any code", () => {
    expect(isRetryable(unanswered("bad_file"), new Set(["bad_file"]))).toBe(false);
  });
});
