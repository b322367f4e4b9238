import { lookup } from "node:dns/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { context, shard } from "./support/provider-input.js";
import { creates, seen } from "./support/requests.js";
import { uploadInput } from "./support/uploaded-input.js";

describe("a create that is refused", () => {
  it.each([400, 401, 403, 404, 413, 422])(
    "is `rejected` for good where the service says so itself with %i",
    async (status) => {
      const { server, create } = await uploadInput();
      server.failNext(creates, { kind: "status", status });
      const error = await errorOf(create());
      expect(error).toMatchObject({ code: "rejected", retryable: false, status });
      expect(seen(server, creates)).toHaveLength(1);
      expect(server.jobs).toEqual([]);
    },
  );

  it("is `rejected` where the service says why in a mere text, as Together does", async () => {
    const { server, create } = await uploadInput();
    server.failNext(creates, { kind: "status", status: 400, body: { error: "No such file." } });
    const error = await errorOf(create());
    expect(error).toMatchObject({ code: "rejected", status: 400 });
    expect(error.message).toContain("No such file.");
  });

  it.each([400, 401, 403, 404, 413, 422, 429])(
    "is not known to be refused where a page that is not the service's says %i",
    async (status) => {
      const { server, create } = await uploadInput();
      const headers = { "content-type": "text/html" };
      server.failNext(creates, { kind: "status", status, body: "<html></html>", headers });
      expect(await errorOf(create())).toMatchObject({ code: "provider_failed", status });
      expect(seen(server, creates)).toHaveLength(1);
    },
  );

  it.each([401, 403])("shows nothing of a key that the service quotes with %i", async (status) => {
    const { server, create } = await uploadInput();
    const message = "Incorrect API key provided: sk-test-canary. See platform.openai.com.";
    server.failNext(creates, { kind: "status", status, body: { error: { message } } });
    const { message: shown } = await errorOf(create());
    expect(shown).not.toMatch(/sk-|canary/);
    expect(shown).toContain("apiKey");
  });

  it("is `quota` where the service says 429 itself", async () => {
    const { server, create } = await uploadInput();
    server.failNext(creates, { kind: "status", status: 429 });
    expect(await errorOf(create())).toMatchObject({ code: "quota", retryable: true, status: 429 });
    expect(seen(server, creates)).toHaveLength(1);
  });

  it.each([
    ["as a code", { message: "Enqueued token limit reached.", code: "token_limit_exceeded" }],
    ["in words", { message: "Batch failed: token_limit_exceeded for gpt-5-mini.", code: null }],
    ["as Azure does", { message: "Too much in the queue.", code: "quotaExceeded" }],
    ["nor money", { message: "Limit reached.", code: "billing_hard_limit_reached" }],
    ["nor credit", { message: "You exceeded your quota.", code: "insufficient_quota" }],
    ["for more jobs", { message: "Too many active batches.", code: null }],
  ])("is `quota` where the service speaks of no room with 400, %s", async (_, error) => {
    const { server, create } = await uploadInput();
    server.failNext(creates, { kind: "status", status: 400, body: { error } });
    expect(await errorOf(create())).toMatchObject({ code: "quota", retryable: true });
  });

  it.each([
    [402, null],
    [403, "insufficient_quota"],
  ])("is `quota` where the service wants money with %i", async (status, code) => {
    const { server, create } = await uploadInput();
    const error = { message: "Your credit is used up.", code };
    server.failNext(creates, { kind: "status", status, body: { error } });
    expect(await errorOf(create())).toMatchObject({ code: "quota", retryable: true, status });
  });

  it("may be tried again where the batches do not see the file yet", async () => {
    const { server, create } = await uploadInput();
    server.failJob({ kind: "input-not-found", looks: 1 });
    expect(await errorOf(create())).toMatchObject({ code: "rejected", retryable: true });
    expect((await create()).status).toBe("validating");
    expect(server.jobs).toHaveLength(1);
  });

  it("says in the service's words why", async () => {
    const { server, create } = await uploadInput();
    const error = { message: "Invalid value: '/v1/x'. Supported values are: ..." };
    server.failNext(creates, { kind: "status", status: 400, body: { error } });
    const { host } = new URL(server.url);
    expect((await errorOf(create())).message).toBe(
      `${host} answered the new batch with 400: ${error.message}`,
    );
  });

  it("shortens a reason without end", async () => {
    const { server, create } = await uploadInput();
    const error = { message: "x".repeat(100_000) };
    server.failNext(creates, { kind: "status", status: 400, body: { error } });
    expect((await errorOf(create())).message.length).toBeLessThan(700);
  });
});

describe("a service that cannot be reached", () => {
  async function expectUnreachable(baseURL: string): Promise<void> {
    const client = new OpenAI({ apiKey: "sk-test-canary", baseURL, maxRetries: 0 });
    const provider = openai({ client });
    const { host } = new URL(baseURL);
    const uploading = await errorOf(provider.upload?.(shard(), context));
    expect(uploading).toMatchObject({ code: "provider_failed", retryable: true });
    expect(uploading.message).toContain(`${host} cannot be reached`);
    const creating = await errorOf(provider.create(shard(), { id: "file-1" }, context));
    expect(creating).toMatchObject({ code: "rejected", retryable: true });
  }

  it("has created nothing where its port is closed", async () => {
    await expectUnreachable(`http://127.0.0.1:${await closedPort()}/v1`);
  });

  it("has created nothing where each of its addresses is closed", async () => {
    await expectUnreachable(`http://localhost:${await closedPort()}/v1`);
  });

  it("has created nothing where nobody knows its name", async ({ skip }) => {
    const looked = lookup("langbatch.invalid").catch((error: { code?: string }) => error.code);
    const code = await Promise.race([looked, wait(3_000)]);
    if (code !== "ENOTFOUND" && code !== "EAI_AGAIN")
      skip("no name server says that it is unknown");
    await expectUnreachable("http://langbatch.invalid/v1");
  });

  it("may have created a job where the connection fails later with the same code", async () => {
    const cause = Object.assign(new Error("read EHOSTUNREACH"), {
      code: "EHOSTUNREACH",
      syscall: "read",
    });
    const client = new OpenAI({
      apiKey: "sk-test-canary",
      baseURL: "http://127.0.0.1:9/v1",
      fetch: () => Promise.reject(new TypeError("fetch failed", { cause })),
    });
    const error = await errorOf(openai({ client }).create(shard(), { id: "file-1" }, context));
    expect(error).toMatchObject({ code: "provider_failed", retryable: true });
    expect(error.message).toContain("EHOSTUNREACH");
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
