import type { HttpFault } from "@langbatch/testing";
import { describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { errorOf, failedForNow } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard } from "./support/provider-input.js";
import { creates, seen } from "./support/requests.js";
import { sdkVersions } from "./support/sdk-versions.js";

const apiKey = "sk-test-canary-0123456789/+=abcdef";
const html = { "content-type": "text/html" };

describe.each(sdkVersions)(
  "what comes in place of an answer to a create, with %s",
  (_, connect) => {
    /** What a create fails with, and how many jobs there are then. */
    async function failing(fault: HttpFault) {
      const { server } = await openHarness();
      const provider = openai({ client: connect({ apiKey, baseURL: server.url }) });
      const uploaded = await provider.upload?.(shard(), context);
      server.failNext(creates, fault);
      const error = await errorOf(provider.create(shard(), uploaded, context));
      expect(seen(server, creates)).toHaveLength(1);
      return { error, jobs: server.jobs };
    }

    it.each([0, 1, 17, 40, 200, 600])(
      "is kept where a batch is cut after %i bytes, of which there is one",
      async (bytes) => {
        const { error, jobs } = await failing({ kind: "cut", bytes });
        expect(error).toMatchObject({ ...failedForNow, status: 200 });
        expect(error.answer).toHaveLength(bytes);
        expect(`{"id":"${jobs[0]?.id}","object":"batch",`).toContain(error.answer?.slice(0, 40));
        expect(jobs).toHaveLength(1);
      },
    );

    it.each([0, 40])("is kept where the connection breaks after %i bytes of it", async (bytes) => {
      const { error, jobs } = await failing({ kind: "break", bytes });
      expect(error).toMatchObject({ ...failedForNow, status: 200 });
      expect(error.answer).toHaveLength(bytes);
      expect(error.cause).toBeInstanceOf(Error);
      expect(jobs).toHaveLength(1);
    });

    it.each([
      ["an object without an id", "{}"],
      ["an id that is none", '{"id":"","status":"validating"}'],
      ["an id that is a number", '{"id":7,"status":"validating"}'],
      ["a batch without a status", '{"id":"batch_1"}'],
      ["null", "null"],
      ["a list", "[]"],
      ["a page", "<html><body>Sign in</body></html>"],
      ["nothing", ""],
    ])("is kept where it is %s", async (_, body) => {
      const fault = { kind: "status", status: 200, body, headers: html } as const;
      const { error } = await failing(fault);
      expect(error).toMatchObject({ ...failedForNow, status: 200, answer: body });
      expect(error.message).not.toContain("html");
    });

    it.each([200, 403, 409, 502])("has its key taken out, of a page with %i", async (status) => {
      const broken = `${apiKey.slice(0, 9)}\r\n  ${apiKey.slice(9)}`;
      const escaped = `${apiKey.slice(0, 9)}\\n${apiKey.slice(9)}`;
      const forms = [apiKey, broken, escaped, encodeURIComponent(apiKey)];
      const body = `<html>${forms.map((form) => `<b>${form}</b>`).join("")}</html>`;
      const { error } = await failing({ kind: "status", status, body, headers: html });
      expect(error.code).toBe("provider_failed");
      expect(error.answer).toBe("<html><b>***</b><b>***</b><b>***</b><b>***</b></html>");
    });

    it("has other tokens taken out of a request that is quoted", async () => {
      const body = "<pre>POST /v1/batches\nAuthorization: Bearer eyJhbGciOi.x-y_z</pre>";
      const { error } = await failing({ kind: "status", status: 502, body, headers: html });
      expect(error.answer).toBe("<pre>POST /v1/batches\nAuthorization: Bearer ***</pre>");
    });

    it("has the beginning of a key taken out where it is cut in it", async () => {
      const body = `<html>Your key is ${apiKey.slice(0, 20)}`;
      const { error } = await failing({ kind: "status", status: 200, body, headers: html });
      expect(error.answer).toBe("<html>Your key is ***");
    });

    it.each([200, 502])("is kept up to its first 4,096 characters, with %i", async (status) => {
      // The key lies across the limit.
      const body = `${"x".repeat(4090)}${apiKey}${"y".repeat(2_000_000)}`;
      const { error } = await failing({ kind: "status", status, body, headers: html });
      expect(error.answer).toBe(`${"x".repeat(4090)}***yyy`);
    });

    it("is what the service says where it failed in its own words", async () => {
      const body = { error: { message: `No luck with ${apiKey}.`, code: "server_error" } };
      const { error } = await failing({ kind: "error-after", status: 500, body });
      expect(error.answer).toContain('"code":"server_error"');
      expect(error.answer).toContain("No luck with ***.");
      expect(error.message).toContain("No luck with ***.");
    });

    it("is not kept where the service has certainly refused", async () => {
      for (const status of [400, 401, 429]) {
        const { error } = await failing({ kind: "status", status });
        expect(error.code).toBe(status === 429 ? "quota" : "rejected");
        expect(error).not.toHaveProperty("answer");
      }
    });

    it("is not there where nothing came", async () => {
      const { error } = await failing({ kind: "reset-after" });
      expect(error.code).toBe("provider_failed");
      expect(error).not.toHaveProperty("answer");
    });
  },
);
