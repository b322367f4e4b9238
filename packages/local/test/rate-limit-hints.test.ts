import { describe, expect, it } from "vitest";
import { rateLimitHints } from "../src/rate-limit-hints.js";

const date = "Thu, 01 Jan 2026 00:00:00 GMT";
const dateSeconds = Date.parse(date) / 1000;

describe("how long it is until a limit is reset", () => {
  it.each<[string, string, number]>([
    ["a second", "1s", 1000],
    ["minutes", "6m0s", 360_000],
    ["milliseconds", "20ms", 20],
    ["parts of a second", "7.66s", 7660],
    ["everything", "1h2m3.5s", 3_723_500],
    ["seconds without their name, as Azure writes them", "12", 12_000],
    ["a moment", "2026-01-01T00:00:01.500Z", 1500],
    ["a moment elsewhere", "2026-01-01T01:00:02+01:00", 2000],
    ["a moment that is just over", "2025-12-31T23:59:59Z", 0],
    ["seconds since 1970", String(dateSeconds + 30), 30_000],
    [
      "milliseconds since 1970, as OpenRouter writes them",
      String((dateSeconds + 30) * 1000),
      30_000,
    ],
  ])("is read from %s", (_name, reset, resetMs) => {
    const headers = new Headers({
      "x-ratelimit-remaining-requests": "3",
      "x-ratelimit-reset-requests": reset,
      date,
    });
    expect(rateLimitHints(headers)).toEqual({ requests: { remaining: 3, resetMs } });
  });

  it.each<[string, Record<string, string>]>([
    ["words", { "x-ratelimit-reset": "soon", date }],
    ["nothing", { "x-ratelimit-reset": "", date }],
    ["a time before now", { "x-ratelimit-reset": "-5", date }],
    ["a duration with words behind it", { "x-ratelimit-reset": "1s or so", date }],
    ["a date without a zone", { "x-ratelimit-reset": "2026-01-01T00:00:01", date }],
    ["a moment, and no date to count from", { "x-ratelimit-reset": String(dateSeconds) }],
    [
      "a moment, and a date in other words",
      { "x-ratelimit-reset": String(dateSeconds), date: "today" },
    ],
    ["no header of that name", { date }],
  ])("is not read from %s", (_name, headers) => {
    expect(
      rateLimitHints(new Headers({ "x-ratelimit-remaining": "0", ...headers })),
    ).toBeUndefined();
  });

  it.each(["-1", "", "many", "1.5", "0x10"])("is no hint where %j remain", (remaining) => {
    const headers = { "x-ratelimit-remaining": remaining, "x-ratelimit-reset": "1" };
    expect(rateLimitHints(new Headers(headers))).toBeUndefined();
  });
});

describe("what headers say of limits", () => {
  it("is read as OpenAI says it", () => {
    const headers = new Headers({
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "6m0s",
    });
    expect(rateLimitHints(headers)).toEqual({
      requests: { remaining: 59, resetMs: 1000 },
      tokens: { remaining: 0, resetMs: 360_000 },
    });
  });

  it("is read as Anthropic says it", () => {
    const headers = new Headers({
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:05Z",
      "anthropic-ratelimit-tokens-remaining": "80000",
      "anthropic-ratelimit-tokens-reset": "2026-01-01T00:01:00Z",
      date,
    });
    expect(rateLimitHints(headers)).toEqual({
      requests: { remaining: 0, resetMs: 5000 },
      tokens: { remaining: 80_000, resetMs: 60_000 },
    });
  });

  it("is read as the draft of a standard says it", () => {
    const headers = new Headers({ "ratelimit-remaining": "0", "ratelimit-reset": "50" });
    expect(rateLimitHints(headers)).toEqual({ requests: { remaining: 0, resetMs: 50_000 } });
  });

  it("is taken from whichever can be read", () => {
    const headers = new Headers({
      "x-ratelimit-remaining-requests": "-1",
      "x-ratelimit-reset-requests": "0",
      "x-ratelimit-remaining": "7",
      "x-ratelimit-reset": "2",
    });
    expect(rateLimitHints(headers)).toEqual({ requests: { remaining: 7, resetMs: 2000 } });
  });

  it("is nothing where they say nothing", () => {
    const headers = new Headers({ date, "content-type": "application/json" });
    expect(rateLimitHints(headers)).toBeUndefined();
  });
});
