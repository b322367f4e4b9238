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
  uploadThere,
} from "./support/ask-dialect.js";
import { startFake } from "./support/start-fake.js";

describe("another dialect", () => {
  it("of Groq has cursors, and its errors as a bare list", async () => {
    const { fake: server, client } = await startFake({ dialect: "groq" });
    const id = await upload(client, "broken\n");
    for (const window of ["24h", "7d"]) await create(client, id, { completion_window: window });
    const first = (await client.get("/batches", { query: { limit: 1 } })) as Shown;
    const { next_cursor: cursor } = first.paging as { next_cursor: string };
    const second = (await client.get("/batches", { query: { limit: 1, cursor } })) as Shown;
    expect(second.paging).toEqual({ next_cursor: null });
    const [job] = second.data as Shown[];
    const done = await ended(server, client, job?.id);
    expect(done.errors).toEqual([expect.objectContaining({ code: "invalid_json_line" })]);
    const other = await refusal(create(client, id, { endpoint: "/v1/embeddings" }));
    expect(other.status).toBe(400);
  });

  it("of Together wraps what it created, lists all at once, in capitals and without metadata", async () => {
    const { fake: server, client } = await startFake({ dialect: "together" });
    const id = await uploadThere(client, line("a"));
    const { job } = await create(client, id);
    expect(job).toMatchObject({ status: "VALIDATING", created_at: expect.stringMatching(/T/) });
    for (const absent of ["metadata", "request_counts", "usage"]) {
      expect(job).not.toHaveProperty(absent);
    }
    const listed = (await client.get("/batches")) as readonly Shown[];
    expect(listed).toHaveLength(1);
    const done = await ended(server, client, (job as Shown).id);
    expect(done.status).toBe("COMPLETED");
    const [row] = await rows(client, done.output_file_id);
    expect(Object.keys(row ?? {})).toEqual(["custom_id", "response"]);
  });

  it("of Together takes uploads at an address of their own, for its purpose, with their names", async () => {
    const { fake: server, client } = await startFake({ dialect: "together" });
    const batch = { purpose: "batch-api" as "batch" };
    expect((await refusal(upload(client, line("a"), batch))).status).toBe(404);
    for (const [fields, missing] of [
      [{ purpose: "batch-api" }, "file_name"],
      [{ purpose: "batch", file_name: "input.jsonl" }, "purpose"],
    ] as const) {
      const { status, message } = await refusal(uploadThere(client, line("a"), fields));
      expect(status).toBe(400);
      expect(message).toContain(missing);
    }
    expect(server.files).toEqual([]);
  });

  it("of Together and DeepInfra has no answer in the row of a request that failed", async () => {
    const answer = () => ({ kind: "fail", status: 400, message: "No." }) as const;
    const together = await startFake({ dialect: "together", answer });
    const { job } = await create(together.client, await uploadThere(together.client, line("a")));
    const done = await ended(together.fake, together.client, (job as Shown).id);
    expect(await rows(together.client, done.error_file_id)).toEqual([
      { custom_id: "a", error: { code: "invalid_request_error", message: "No." } },
    ]);
    const { fake: server, client } = await startFake({ dialect: "deepinfra", answer });
    const { error_file_id } = await ended(server, client, (await run(client, line("a"))).id);
    expect(await rows(client, error_file_id)).toMatchObject([
      { custom_id: "a", response: null, error: { code: "invalid_request", message: "No." } },
    ]);
  });

  it("of Together says in a text why a job failed, and writes cancelling with one L", async () => {
    const { fake: server, client } = await startFake({ dialect: "together" });
    const other = (await create(client, await uploadThere(client, line("a")))).job as Shown;
    expect((await client.batches.cancel(String(other.id))).status).toBe("CANCELING");
    const { job } = await create(client, await uploadThere(client, "broken\n"));
    const done = await ended(server, client, (job as Shown).id);
    expect(done).toMatchObject({ status: "FAILED", error: expect.stringContaining("JSON") });
  });

  it("of DashScope puts failed rows into the output file", async () => {
    const { fake: server, client } = await startFake({
      dialect: "dashscope",
      answer: () => ({ kind: "fail", status: 400 }),
    });
    const done = await ended(server, client, (await run(client, line("a"))).id);
    expect(done.error_file_id).toBeNull();
    expect(await rows(client, done.output_file_id)).toMatchObject([
      { response: { status_code: 400 } },
    ]);
  });

  it("of Doubleword fails a job of which all failed, and refuses long ids", async () => {
    const { fake: server, client } = await startFake({
      dialect: "doubleword",
      answer: () => ({ kind: "fail", status: 400 }),
    });
    const done = await ended(server, client, (await run(client, line("a"))).id);
    expect(done).toMatchObject({
      status: "failed",
      errors: null,
      metadata: { team: "search", created_by_email: expect.stringContaining("@") },
    });
    expect(await rows(client, done.error_file_id)).toHaveLength(1);
    const long = await run(client, line("a".repeat(65)));
    expect(await ended(server, client, long.id)).toMatchObject({
      errors: { data: [{ code: "invalid_custom_id" }] },
    });
  });

  it("of Parasail mixes models, which the others do not", async () => {
    const content = line("a", { model: "one" }) + line("b", { model: "two" });
    for (const [dialect, status] of [
      ["parasail", "completed"],
      ["deepinfra", "failed"],
    ] as const) {
      const { fake: server, client } = await startFake({ dialect });
      const done = await ended(server, client, (await run(client, content)).id);
      expect(done.status).toBe(status);
    }
  });

  it("of SiliconFlow takes 5,000 lines and not one more", async () => {
    const { fake: server, client } = await startFake({ dialect: "siliconflow" });
    const content = Array.from({ length: 5001 }, (_, index) => line(`r${index}`));
    const whole = await run(client, content.slice(1).join(""));
    const long = await run(client, content.join(""));
    expect((await ended(server, client, whole.id)).status).toBe("completed");
    expect((await ended(server, client, long.id)).status).toBe("failed");
  });

  it("of a gateway keeps no metadata, and does not say whether its list goes on", async () => {
    const { client } = await startFake({ dialect: "gateway" });
    expect((await run(client, line("a"))).metadata).toBeNull();
    expect(Object.keys((await client.get("/batches")) as Shown)).toEqual(["object", "data"]);
  });

  it("names nobody in its answers, unlike OpenAI", async () => {
    for (const [dialect, organization] of [
      ["openai", "org-fake"],
      ["nebius", null],
    ] as const) {
      const { client } = await startFake({ dialect });
      const { response } = await client.batches.list().withResponse();
      expect(response.headers.get("openai-organization")).toBe(organization);
    }
  });
});
