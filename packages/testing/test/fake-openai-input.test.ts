import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { oneDay, order, upload } from "./support/batch-order.js";
import { requestLine } from "./support/input-lines.js";
import { authorization, startFake } from "./support/start-fake.js";

describe("creating a batch", () => {
  it.each([
    ["no input file", { input_file_id: undefined }, "input_file_id"],
    ["an endpoint that has no batches", { endpoint: "/v1/audio/speech" }, "endpoint"],
    ["another window", { completion_window: "1h" }, "completion_window"],
    ["17 pairs of metadata", { metadata: pairs(17, 1) }, "metadata"],
    ["a long metadata name", { metadata: { ["n".repeat(65)]: "" } }, "metadata"],
    ["a long metadata value", { metadata: { n: "v".repeat(513) } }, "metadata.n"],
    ["metadata that is no text", { metadata: { n: 1 } }, "metadata.n"],
    [
      "results kept too short",
      { output_expires_after: { anchor: "created_at", seconds: 60 } },
      "output_expires_after.seconds",
    ],
  ])("is refused with %s", async (_, change, param) => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, requestLine("a"));
    const params = { input_file_id: id, ...order, ...change } as OpenAI.BatchCreateParams;
    await expect(client.batches.create(params)).rejects.toMatchObject({ status: 400, param });
    expect(fake.jobs).toEqual([]);
  });

  it("takes 16 pairs of metadata of full length", async () => {
    const { client } = await startFake();
    const { id } = await upload(client, requestLine("a"));
    const metadata = pairs(16, 512);
    const batch = await client.batches.create({ input_file_id: id, ...order, metadata });
    expect(batch.metadata).toEqual(metadata);
  });

  it("is refused for a file that is unknown, deleted, or a result", async () => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, requestLine("a"));
    const batch = await client.batches.create({ input_file_id: id, ...order });
    fake.clock.advance(oneDay);
    const { output_file_id } = await client.batches.retrieve(batch.id);
    await client.files.delete(id);
    for (const input_file_id of ["file-0", id]) {
      await expect(client.batches.create({ input_file_id, ...order })).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(/Cannot find file .* does not have access to it/),
      });
    }
    const input_file_id = String(output_file_id);
    await expect(client.batches.create({ input_file_id, ...order })).rejects.toMatchObject({
      message: expect.stringContaining("Invalid file purpose"),
    });
  });

  it("is refused where the body is no JSON", async () => {
    const { fake } = await startFake();
    for (const body of ["{", "1"]) {
      const url = `${fake.url}/batches`;
      const response = await fetch(url, { method: "POST", headers: { authorization }, body });
      expect(response.status).toBe(400);
    }
  });

  it("keeps its results as long as it was told", async () => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, requestLine("a"));
    const output_expires_after = { anchor: "created_at", seconds: 3600 } as const;
    const params = { input_file_id: id, ...order, output_expires_after };
    const batch = await client.batches.create(params);
    fake.clock.advance(12_000);
    const { output_file_id, completed_at } = await client.batches.retrieve(batch.id);
    const file = await client.files.retrieve(String(output_file_id));
    expect(file.expires_at).toBe(Number(completed_at) + 3600);
  });
});

describe("an input that is wrong", () => {
  const good = requestLine("a");

  it.each([
    ["invalid_json_line", `${good}\n{"custom_id"`, { line: 2, param: null }],
    ["invalid_json_line", `${good}\n[]`, { line: 2 }],
    ["invalid_json_line", `\uFEFF${good}`, { line: 1 }],
    ["empty_file", "", { line: null }],
    ["empty_file", "\n \r\n", { line: null }],
    ["duplicate_custom_id", `${good}\n${good}`, { line: 2, param: "custom_id" }],
    ["invalid_url", requestLine("a", { url: "/v1/responses" }), { line: 1, param: "url" }],
    ["invalid_method", requestLine("a", { method: "GET" }), { line: 1, param: "method" }],
    ["missing_required_parameter", requestLine(""), { line: 1, param: "custom_id" }],
    ["missing_required_parameter", requestLine("a", { method: undefined }), { param: "method" }],
    ["missing_required_parameter", requestLine("a", { url: undefined }), { param: "url" }],
    ["missing_required_parameter", requestLine("a", { body: undefined }), { param: "body" }],
    [
      "mismatched_model",
      `${good}\n${requestLine("b", { body: { model: "other" } })}`,
      { line: 2, param: "body.model" },
    ],
    [
      "streaming_unsupported",
      requestLine("a", { body: { model: "m", stream: true } }),
      { line: 1, param: "body.stream" },
    ],
    [
      "too_many_tasks",
      Array.from({ length: 6 }, (_, id) => requestLine(`r${id}`)).join("\n"),
      { line: null },
    ],
  ])("fails the batch with %s after validating", async (code, text, where) => {
    const { fake, client } = await startFake({ maxRequests: 5 });
    const { id } = await upload(client, text);
    const batch = await client.batches.create({ input_file_id: id, ...order });
    expect(batch).toMatchObject({ status: "validating", errors: null });
    fake.clock.advance(1000);
    const failed = await client.batches.retrieve(batch.id);
    expect(failed).toMatchObject({
      status: "failed",
      failed_at: batch.created_at + 1,
      output_file_id: null,
      error_file_id: null,
      request_counts: { total: 0, completed: 0, failed: 0 },
      errors: { object: "list", data: [{ code, message: expect.any(String), ...where }] },
    });
    expect(failed.errors?.data).toHaveLength(1);
    await expect(client.batches.cancel(batch.id)).rejects.toMatchObject({ status: 409 });
  });

  it("is not read as text where it is not UTF-8", async () => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, Buffer.from(requestLine("ä"), "latin1"));
    const batch = await client.batches.create({ input_file_id: id, ...order });
    fake.clock.advance(1000);
    const { errors } = await client.batches.retrieve(batch.id);
    expect(errors?.data).toMatchObject([{ code: "invalid_json_line" }]);
  });

  it("counts embedding inputs and not requests", async () => {
    const { fake, client } = await startFake({ maxEmbeddingInputs: 3 });
    const endpoint = "/v1/embeddings";
    const line = (id: string) => requestLine(id, { url: endpoint, body: { input: ["x", "y"] } });
    const { id } = await upload(client, `${line("a")}\n${line("b")}`);
    const batch = await client.batches.create({ input_file_id: id, ...order, endpoint });
    fake.clock.advance(1000);
    const { errors } = await client.batches.retrieve(batch.id);
    expect(errors?.data).toMatchObject([{ code: "too_many_tasks" }]);
  });

  it("is told of with its first 100 problems", async () => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, "{}\n".repeat(50));
    const batch = await client.batches.create({ input_file_id: id, ...order });
    fake.clock.advance(1000);
    const { errors } = await client.batches.retrieve(batch.id);
    expect(errors?.data).toHaveLength(100);
  });
});

function pairs(count: number, length: number): Record<string, string> {
  const name = (index: number): string => `n${index}`;
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [name(index), "v".repeat(length)]),
  );
}
