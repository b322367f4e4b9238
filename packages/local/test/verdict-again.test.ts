import { describe, expect, it } from "vitest";
import type { Answer } from "../src/question.js";
import { judge } from "../src/verdict.js";
import { asked, canary, response, saying } from "./support/answers.js";

describe("an answer of trouble", () => {
  it.each([408, 409, 425, 500, 501, 502, 504, 520, 521, 522, 523, 524, 599, 100])(
    "is asked again, and counts: %d",
    (status) => {
      const verdict = judge(response(status, saying("Sorry.")), asked);
      expect(verdict).toMatchObject({
        is: "again",
        how: "failed",
        counts: true,
        result: { response: { status_code: status }, error: null },
      });
      expect(verdict).not.toHaveProperty("retryAfterMs");
    },
  );

  it("that is a page is kept as a text", () => {
    expect(judge(response(502, "<h1>Bad Gateway</h1>"), asked)).toMatchObject({
      result: {
        response: { status_code: 502, body: '"<h1>Bad Gateway</h1>"' },
        error: { code: "http_502" },
      },
    });
  });

  it("of too many requests does not count", () => {
    expect(judge(response(429, saying("Slow down."), { "retry-after": "3" }), asked)).toMatchObject(
      {
        is: "again",
        how: "rate-limited",
        counts: false,
        retryAfterMs: 3000,
      },
    );
    expect(judge(response(429), asked)).toMatchObject({ how: "rate-limited", counts: false });
  });

  it.each([503, 529])("of too much load counts where nobody says to wait: %d", (status) => {
    const overloaded = { is: "again", how: "overloaded" };
    const told = judge(response(status, {}, { "retry-after-ms": "5" }), asked);
    expect(told).toMatchObject({ ...overloaded, counts: false, retryAfterMs: 5 });
    expect(judge(response(status), asked)).toMatchObject({ ...overloaded, counts: true });
    const loading = response(status, saying("Loading model", null, "unavailable_error"));
    expect(judge(loading, asked)).toMatchObject({ ...overloaded, counts: false });
  });
});

describe("no answer", () => {
  it("in time is asked again", () => {
    expect(judge({ came: "timeout" }, asked)).toEqual({
      is: "again",
      how: "overloaded",
      counts: true,
      result: {
        is: "result",
        response: null,
        error: { code: "request_timeout", message: "No answer came within `timeoutMs`." },
      },
    });
  });

  it("because the connection broke is asked again", () => {
    const reason = `ECONNRESET ${canary}`;
    expect(judge({ came: "no-answer", reason, isUnsent: false }, asked)).toEqual({
      is: "again",
      how: "failed",
      counts: true,
      result: {
        is: "result",
        response: null,
        error: {
          code: "connection_failed",
          message: "The connection to http://host/v1 failed: ECONNRESET ***.",
        },
      },
    });
  });

  it("because nobody is there is hopeless, for now", () => {
    const answer: Answer = { came: "no-answer", reason: "ECONNREFUSED", isUnsent: true };
    const verdict = judge(answer, asked);
    expect(verdict.is === "hopeless" && verdict.error).toMatchObject({
      code: "provider_failed",
      retryable: true,
      message:
        "Nothing answers at http://host/v1: ECONNREFUSED. Start the server, or correct `baseURL`.",
    });
  });

  it("because it cannot be asked is hopeless", () => {
    const verdict = judge({ came: "refused-here", message: `No: ${canary}.` }, asked);
    expect(verdict.is === "hopeless" && verdict.error).toMatchObject({
      code: "rejected",
      message: "No: ***.",
      retryable: false,
    });
  });

  it("of a function that failed is the result", () => {
    expect(judge({ came: "thrown", message: "No luck." }, asked)).toEqual({
      is: "result",
      response: null,
      error: { code: "handler_failed", message: "No luck." },
    });
  });
});
