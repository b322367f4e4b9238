import OpenAI, { AzureOpenAI } from "openai";
import { describe, expect, it } from "vitest";
import {
  create,
  ended,
  line,
  refusal,
  rows,
  run,
  type Shown,
  upload,
} from "./support/ask-dialect.js";
import { startFake } from "./support/start-fake.js";

describe("the Azure dialect", () => {
  it("answers below /openai/v1, and below /openai to a dated version with a key of its own", async () => {
    const { fake: server, client } = await startFake({ dialect: "azure", apiKey: "test" });
    expect(server.url).toMatch(/\/openai\/v1$/);
    const job = await run(client, line("a"));
    const endpoint = new URL(server.url).origin;
    const dated = new AzureOpenAI({ endpoint, apiKey: "test", apiVersion: "2024-10-21" });
    const shown = (await dated.batches.retrieve(String(job.id))) as unknown as Shown;
    expect(shown.status).toBe("Validating");
    expect(shown.created_at).toMatch(/^\d{4}-\d\d-\d\dT/);
    const undated = new OpenAI({ apiKey: "test", baseURL: `${endpoint}/openai`, maxRetries: 0 });
    expect((await refusal(undated.batches.list())).status).toBe(404);
  });

  it("does not know a batch below a deployment, where the SDK would create it", async () => {
    const { fake: server } = await startFake({ dialect: "azure" });
    const client = new AzureOpenAI({
      endpoint: new URL(server.url).origin,
      apiKey: "test",
      apiVersion: "2024-10-21",
      deployment: "d",
      maxRetries: 0,
    });
    const id = await upload(client, line("a"));
    expect((await refusal(create(client, id))).status).toBe(404);
    expect(server.jobs).toEqual([]);
  });

  it("shows its endpoint without the version, empty ids, and no counts at first", async () => {
    const { client } = await startFake({ dialect: "azure" });
    expect(await run(client, line("a"))).toMatchObject({
      endpoint: "/chat/completions",
      output_file_id: "",
      error_file_id: "",
      request_counts: null,
    });
  });

  it("has an error file of no bytes where nothing failed, and rows without an id", async () => {
    const { fake: server, client } = await startFake({ dialect: "azure" });
    const { id } = await run(client, line("a"));
    const done = await ended(server, client, id);
    expect(done.status).toBe("completed");
    expect(await rows(client, done.error_file_id)).toEqual([]);
    const [row] = await rows(client, done.output_file_id);
    expect(row).not.toHaveProperty("id");
    expect(row).toMatchObject({
      response: {
        body: {
          prompt_filter_results: [{ prompt_index: 0 }],
          choices: [{ content_filter_results: { hate: { filtered: false } } }],
        },
      },
    });
  });

  it("makes no job of a file that it has not read", async () => {
    const { fake: server, client } = await startFake({ dialect: "azure", filePendingMs: 1000 });
    const id = await upload(client, line("a"));
    expect((await client.files.retrieve(id)).status).toBe("pending");
    expect((await refusal(create(client, id))).status).toBe(400);
    server.clock.advance(1000);
    expect((await client.files.retrieve(id)).status).toBe("processed");
    await create(client, id);
  });

  it.each([
    ["a message without content", line("a", { messages: [{ role: "user", content: null }] })],
    ["a byte order mark", `\uFEFF${line("a")}`],
    ["a deployment that there is not", line("a", { model: "other" })],
  ])("fails a job with %s", async (_what, content) => {
    const { fake: server, client } = await startFake({ dialect: "azure", deployments: ["m"] });
    const { id } = await run(client, content);
    expect((await ended(server, client, id)).status).toBe("failed");
  });

  it("takes short urls, of the job and of its lines", async () => {
    const { fake: server, client } = await startFake({ dialect: "azure" });
    const id = await upload(client, line("a").replace("/v1/chat", "/chat"));
    const job = await create(client, id, { endpoint: "/chat/completions" });
    expect((await ended(server, client, job.id)).status).toBe("completed");
  });

  it("refuses at once what has too many tokens", async () => {
    const { fake: server, client } = await startFake({ dialect: "azure", maxEnqueuedTokens: 1 });
    const error = await refusal(run(client, line("a")));
    expect(error.status).toBe(400);
    expect(error.message).toContain("token_limit_exceeded");
    expect(server.jobs).toEqual([]);
  });

  it("keeps 500 inputs for ever, more of those that expire in 14 to 30 days, and no other", async () => {
    const { client } = await startFake({ dialect: "azure" });
    for (let count = 0; count < 500; count += 1) await upload(client, line("a"));
    const error = await refusal(upload(client, line("a")));
    expect(error).toMatchObject({ status: 400, code: "quotaExceeded" });
    const expiring = (seconds: number) => ({ expires_after: { anchor: "created_at", seconds } });
    const id = await upload(client, line("a"), expiring(1_209_600));
    expect((await refusal(upload(client, line("a"), expiring(1_209_599)))).status).toBe(400);
    await client.files.delete(id);
  });

  it("refuses metadata, or an account it cannot read, with an input that is a blob", async () => {
    const { fake: server, client } = await startFake({ dialect: "azure" });
    const blob = { input_file_id: null, input_blob: "https://a/in/x", output_folder: { url: "b" } };
    expect((await refusal(create(client, "", blob))).message).toContain("metadata");
    const other = await refusal(create(client, "", { ...blob, metadata: null }));
    expect(other.code).toBe("input_no_permissions");
    expect(server.jobs).toEqual([]);
  });
});
