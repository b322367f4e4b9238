import { describe, expect, it } from "vitest";
import { judge } from "../src/verdict.js";
import { asked, canary, response, saying } from "./support/answers.js";

describe("an answer that every request would get", () => {
  const html = "<html>404 page not found</html>";

  it.each<[number, unknown, string, string]>([
    [
      401,
      saying(`Incorrect API key provided: ${canary}.`),
      "rejected",
      "http://host/v1 answered with 401: Incorrect API key provided: ***. Check the API key.",
    ],
    [401, "", "rejected", "http://host/v1 answered with 401. Check the API key."],
    [
      403,
      { message: "User is not authorized: no identity-based policy allows it" },
      "rejected",
      "http://host/v1 answered with 403: User is not authorized: no identity-based policy allows it. Check the API key, and what it may be used for.",
    ],
    [
      403,
      html,
      "rejected",
      "http://host/v1 answered with 403. Check the API key, and what it may be used for.",
    ],
    [
      407,
      html,
      "rejected",
      "http://host/v1 answered with 407. Check what the proxy in between asks for.",
    ],
    [
      404,
      { detail: "Not Found" },
      "rejected",
      "http://host/v1 answered with 404: Not Found. Check that `baseURL` is whole: most end in /v1.",
    ],
    [
      404,
      "Cannot POST /models/chat/completions",
      "rejected",
      "http://host/v1 answered with 404: Cannot POST /models/chat/completions. Check that `baseURL` is whole: most end in /v1.",
    ],
    [
      405,
      html,
      "rejected",
      "http://host/v1 answered with 405. Check that `baseURL` is whole: most end in /v1.",
    ],
    [
      402,
      { error: "Insufficient Balance" },
      "quota",
      "http://host/v1 answered with 402: Insufficient Balance. Add credit to the account, or use the key of another one.",
    ],
    [
      429,
      saying("You exceeded your current quota!", "insufficient_quota"),
      "quota",
      "http://host/v1 answered with 429: You exceeded your current quota! Add credit to the account, or use the key of another one.",
    ],
    [
      400,
      saying("Limit reached.", "billing_hard_limit_reached"),
      "quota",
      "http://host/v1 answered with 400: Limit reached. Add credit to the account, or use the key of another one.",
    ],
  ])("is hopeless: %d %j", (status, body, code, message) => {
    const verdict = judge(response(status, body, { "retry-after": "60" }), asked);
    expect(verdict.is).toBe("hopeless");
    if (verdict.is !== "hopeless") return;
    const isQuota = code === "quota";
    expect(verdict.error).toMatchObject({
      code,
      message,
      status,
      provider: "local",
      retryable: isQuota,
    });
    expect(verdict.error.retryAfterMs).toBe(isQuota ? 60_000 : undefined);
  });

  it("says no more than 300 characters of the service's", () => {
    const verdict = judge(response(401, saying("x".repeat(5000))), asked);
    expect(verdict.is === "hopeless" && verdict.error.message).toBe(
      `http://host/v1 answered with 401: ${"x".repeat(300)}… Check the API key.`,
    );
  });

  it("is told of a handler's service, too", () => {
    const verdict = judge(response(401), { secrets: [] });
    expect(verdict.is === "hopeless" && verdict.error.message).toBe(
      "The service behind `handler` answered with 401. Check the API key.",
    );
  });
});

describe("an answer that one request gets where others may not", () => {
  it.each<[number, unknown]>([
    [404, saying("The model `m` does not exist.", "model_not_found")],
    [404, { error: 'model "m" not found, try pulling it first' }],
    [404, { error: { message: "No.", code: "model_not_found" } }],
    [404, "model not found"],
    [403, saying("Your input was flagged by moderation.")],
    [403, saying("No.", "content_policy_violation")],
    [403, saying("This violates our usage policies.")],
  ])("is its result: %d %j", (status, body) => {
    expect(judge(response(status, body), asked)).toMatchObject({
      is: "result",
      response: { status_code: status },
    });
  });
});
