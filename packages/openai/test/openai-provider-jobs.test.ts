import type { Job } from "@langbatch/core";
import type { HttpFault } from "@langbatch/testing";
import { describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf, failedForNow } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard } from "./support/provider-input.js";
import { uploadInput } from "./support/uploaded-input.js";

describe("a job that is asked for", () => {
  it("is not yielded while the service says 404", async () => {
    const { server, provider, create } = await uploadInput();
    server.failJob({ kind: "not-found", looks: 1 });
    const { id } = await create();
    expect(await collect(provider.get([id], context))).toEqual([]);
    expect(await collect(provider.get([id], context))).toMatchObject([{ id }]);
  });

  it.each<readonly [what: string, fault: HttpFault]>([
    ["500", { kind: "status", status: 500 }],
    ["a broken connection", { kind: "reset" }],
    ["an HTML page", { kind: "status", status: 200, body: "<html></html>" }],
    ["an answer that is cut", { kind: "cut", bytes: 40 }],
  ])("fails, and may be asked for again, after %s", async (_, fault) => {
    const { server, client } = await openHarness();
    const provider = openai({ client });
    const uploaded = await provider.upload?.(shard(), context);
    const { id } = await provider.create(shard(), uploaded, context);
    server.failNext({ method: "GET" }, fault);
    expect(await errorOf(collect(provider.get([id], context)))).toMatchObject(failedForNow);
    expect(await collect(provider.get([id], context))).toHaveLength(1);
  });

  it.each(["paused", "constructor"])(
    "goes on where its status is an unknown word: %s",
    async (word) => {
      const { server, provider, create } = await uploadInput();
      server.failJob({ kind: "status-word", word, looks: 1 });
      expect(await create()).toMatchObject({ status: "in_progress", rawStatus: word });
      server.clock.advance(86_400_000);
      const [job] = await collect(provider.get([server.jobs[0]?.id ?? ""], context));
      expect(job?.status).toBe("completed");
    },
  );

  it("says that its input is wrong where it failed with a code that is not known", async () => {
    const { server, provider, create } = await uploadInput();
    server.failJob({ kind: "fail", code: "constructor" });
    const { id } = await create();
    server.clock.advance(86_400_000);
    const [job] = await collect(provider.get([id], context));
    expect(job?.failure).toMatchObject({ kind: "input", code: "constructor" });
  });

  it("has no files where their ids are empty, and then brings nothing", async () => {
    const { server, provider, create } = await uploadInput();
    server.failJob([{ kind: "empty-file-ids" }, { kind: "fail", code: "invalid_json_line" }]);
    const { id } = await create();
    server.clock.advance(86_400_000);
    const [job] = await collect(provider.get([id], context));
    expect(job).toMatchObject({ status: "failed", detail: {} });
    expect(await collect(provider.results(job as Job, context))).toEqual([]);
  });
});

describe("a cancellation", () => {
  it("reaches the job", async () => {
    const { server, provider, create } = await uploadInput();
    const { id } = await create();
    await provider.cancel(id, context);
    expect(server.jobs[0]?.status).toBe("cancelling");
  });

  it("fails where the job goes on", async () => {
    const { server, client } = await openHarness();
    const provider = openai({ client });
    const uploaded = await provider.upload?.(shard(), context);
    const { id } = await provider.create(shard(), uploaded, context);
    server.failNext({ method: "POST" }, { kind: "status", status: 500 });
    expect(await errorOf(provider.cancel(id, context))).toMatchObject(failedForNow);
  });

  it("fails where nobody knows the job", async () => {
    const { client } = await openHarness();
    const error = await errorOf(openai({ client }).cancel("batch_0", context));
    expect(error).toMatchObject({ code: "provider_failed", status: 404 });
  });
});
