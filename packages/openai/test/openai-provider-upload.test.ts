import type { HttpFault } from "@langbatch/testing";
import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { errorOf, failedForNow } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard, tag } from "./support/provider-input.js";
import { seen, uploads } from "./support/requests.js";
import { uploadInput } from "./support/uploaded-input.js";

describe("an upload", () => {
  it.each([
    ["openai 6", (baseURL: string) => new OpenAI({ apiKey: "sk-test", baseURL })],
    [
      "openai 7",
      // Another copy's class is another type, because of its private fields.
      (baseURL: string) => new OpenAI7({ apiKey: "sk-test", baseURL }) as unknown as OpenAI,
    ],
  ])("says how long it is and bears the tag as its file's name, with %s", async (_, connect) => {
    const { server } = await openHarness();
    const input = shard("a", "b");
    const provider = openai({ client: connect(server.url) });
    const uploaded = await provider.upload?.(input, context);
    const [request] = seen(server, uploads);
    expect(request?.headers["content-length"]).toBe(String(request?.bytes));
    expect(request?.headers).not.toHaveProperty("transfer-encoding");
    const { size: bytes } = input.data;
    expect(server.files).toMatchObject([
      { id: uploaded?.id, name: `${tag}.jsonl`, bytes, purpose: "batch" },
    ]);
  });

  it("names the address it was redirected to", async () => {
    const { server, client } = await openHarness();
    const location = "https://eu.api.example.com/v1/files";
    server.failNext({ path: "/v1/files" }, { kind: "redirect", location }, 2);
    const error = await errorOf(openai({ client }).upload?.(shard(), context));
    expect(error).toMatchObject({ code: "rejected", retryable: false });
    expect(error.message).toContain(server.url);
    expect(error.message).toContain("Use https://eu.api.example.com/v1 as `baseURL`.");
    expect(server.files).toEqual([]);
  });

  it("says that it was redirected where it cannot find out to which address", async () => {
    const { server, client } = await openHarness();
    server.failNext(uploads, { kind: "redirect", location: "/elsewhere" });
    const error = await errorOf(openai({ client }).upload?.(shard(), context));
    expect(error.code).toBe("rejected");
    expect(error.message).toContain("Use the address it redirects to.");
  });

  it.each<readonly [what: string, fault: HttpFault, expected: object]>([
    ["a file it does not take", { kind: "status", status: 400 }, { code: "rejected" }],
    ["a wrong key", { kind: "status", status: 401 }, { code: "rejected" }],
    ["too many requests", { kind: "status", status: 429 }, { code: "quota", retryable: true }],
    ["a failing service", { kind: "status", status: 503 }, failedForNow],
    ["a broken connection", { kind: "reset" }, failedForNow],
    ["an answer without an id", { kind: "status", status: 200, body: {} }, failedForNow],
    ["an answer that is cut to nothing", { kind: "cut", bytes: 0 }, failedForNow],
  ])("fails with what can be done about it: %s", async (_, fault, expected) => {
    const { server, client } = await openHarness();
    server.failNext(uploads, fault);
    expect(await errorOf(openai({ client }).upload?.(shard(), context))).toMatchObject(expected);
  });
});

describe("a discarded input", () => {
  it("is deleted at the service, once", async () => {
    const { server, provider, uploaded } = await uploadInput();
    const { id } = uploaded ?? expect.fail("There is an upload.");
    await provider.discard?.({ id }, context);
    await provider.discard?.({ id }, context);
    expect(server.files).toMatchObject([{ id, deleted: true }]);
  });

  it("is said to be there still where the service fails", async () => {
    const { server, client } = await openHarness();
    server.failNext({ method: "DELETE" }, { kind: "status", status: 500 });
    const discarded = openai({ client }).discard?.({ id: "file-1" }, context);
    expect(await errorOf(discarded)).toMatchObject(failedForNow);
  });
});
