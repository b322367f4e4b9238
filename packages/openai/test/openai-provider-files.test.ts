import type { Job } from "@langbatch/core";
import type { FakeOpenAIOptions } from "@langbatch/testing";
import { describe, expect, it } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf, failedForNow } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard } from "./support/provider-input.js";

/** A job at its end, of which `a` has succeeded and `b` has failed. */
async function endedJob(options: FakeOpenAIOptions = {}) {
  const { server, client } = await openHarness({
    answer: ({ custom_id }) =>
      custom_id === "b" ? { kind: "fail", status: 400 } : { kind: "succeed" },
    ...options,
  });
  const provider = openai({ client });
  const input = shard("a", "b");
  const uploaded = await provider.upload?.(input, context);
  const { id } = await provider.create(input, uploaded, context);
  server.clock.advance(86_400_000);
  const [job] = await collect(provider.get([id], context));
  if (!job) return expect.fail("The job is there.");
  const inputOf = async (of: Job) => Buffer.concat(await collect(theirs(provider, of)));
  return { server, client, provider, input, job, inputOf };
}

function theirs(provider: ReturnType<typeof openai>, job: Job): AsyncIterable<Uint8Array> {
  return provider.input?.(job, context) ?? expect.fail("The provider gives inputs back.");
}

describe("the input of a job", () => {
  it("comes back byte for byte", async () => {
    const { input, job, inputOf } = await endedJob();
    expect((await inputOf(job)).toString()).toBe(await input.data.text());
  });

  it("is not found where it was deleted", async () => {
    const { provider, job, inputOf } = await endedJob();
    await provider.discard?.({ id: job.inputId ?? "" }, context);
    const error = await errorOf(inputOf(job));
    expect(error).toMatchObject({ code: "not_found", provider: "openai" });
    expect(error.message).toContain(`no longer has the input of job ${job.id}`);
  });

  it("is not found where the job does not name it", async () => {
    const { server, job, inputOf } = await endedJob();
    const { inputId, ...nameless } = job;
    const asked = server.requests.length;
    expect((await errorOf(inputOf(nameless))).code).toBe("not_found");
    expect(server.requests).toHaveLength(asked);
  });

  it.each([
    ["fails", { kind: "status", status: 500 }],
    ["breaks off", { kind: "break", bytes: 100 }],
  ] as const)("may be asked for again where the service %s", async (_, fault) => {
    const { server, client, job } = await endedJob();
    const provider = openai({ client: client.withOptions({ maxRetries: 0 }) });
    server.failNext({ path: /\/content$/ }, fault);
    expect(await errorOf(collect(theirs(provider, job)))).toMatchObject(failedForNow);
    expect(await collect(theirs(provider, job))).not.toEqual([]);
  });
});

describe("an ended job that is cleaned away", () => {
  it("leaves no file behind, and may be cleaned away again", async () => {
    const { server, provider, job, inputOf } = await endedJob();
    expect(server.files).toHaveLength(3);
    await provider.clean?.(job, context);
    expect(server.files.map(({ deleted }) => deleted)).toEqual([true, true, true]);
    await provider.clean?.(job, context);
    expect((await errorOf(inputOf(job))).code).toBe("not_found");
    const results = errorOf(collect(provider.results(job, context)));
    expect(await results).toMatchObject({ code: "provider_failed", status: 404 });
  });

  it("has the rest deleted where some of it is gone", async () => {
    const { server, provider, job } = await endedJob();
    await provider.discard?.({ id: job.inputId ?? "" }, context);
    await provider.clean?.(job, context);
    expect(server.files.every(({ deleted }) => deleted)).toBe(true);
  });

  it("may have no files at all", async () => {
    const { server, provider, job } = await endedJob();
    const { inputId, detail, ...bare } = job;
    await provider.clean?.(bare, context);
    expect(server.files.some(({ deleted }) => deleted)).toBe(false);
  });

  it("is said to be there still where the service fails", async () => {
    const { server, provider, job } = await endedJob();
    server.failNext({ method: "DELETE" }, { kind: "status", status: 500 });
    expect(await errorOf(provider.clean?.(job, context))).toMatchObject(failedForNow);
    await provider.clean?.(job, context);
    expect(server.files.every(({ deleted }) => deleted)).toBe(true);
  });
});
