import { retryAfterMs } from "@langbatch/core/http";
import { describe, expect, it } from "vitest";
import { errorOf } from "./support/error-of.js";
import { creates } from "./support/requests.js";
import { uploadInput } from "./support/uploaded-input.js";

const date = "Thu, 01 Jan 2026 00:00:00 GMT";

describe("the time a service asks to wait", () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "retry-after": "20" }, 20_000],
    ["milliseconds, which say more", { "retry-after": "1", "retry-after-ms": "250.5" }, 250.5],
    ["a date", { "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT", date }, 60_000],
    ["a date that is over", { "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT", date }, undefined],
    ["a date, and nothing to count from", { "retry-after": date }, undefined],
    ["a date without a zone", { "retry-after": "Thu Jan  1 00:01:00 2026", date }, undefined],
    ["less than nothing", { "retry-after": "-5", date }, undefined],
    ["no time", { "retry-after": "soon", date }, undefined],
    ["words that name a year", { "retry-after": "in 2090", date }, undefined],
    ["a month, longer than a timer waits", { "retry-after": "2678400" }, undefined],
    ["a date as far away", { "retry-after": "Sun, 01 Feb 2026 00:00:00 GMT", date }, undefined],
    [
      "milliseconds as many, beside seconds",
      { "retry-after": "3", "retry-after-ms": "9000000000" },
      3000,
    ],
    ["nothing", {}, undefined],
  ])("is read from %s", (_name, headers, wanted) => {
    expect(retryAfterMs(new Headers(headers))).toBe(wanted);
  });

  it("is told with the refusal", async () => {
    const { server, create } = await uploadInput();
    const headers = { "retry-after": "7" };
    server.failNext(creates, { kind: "status", status: 429, headers });
    expect(await errorOf(create())).toMatchObject({ code: "quota", retryAfterMs: 7_000 });
  });
});
