import type OpenAI from "openai";
import { beforeEach, describe, expect, it } from "vitest";
import type { FakeOpenAI } from "../src/index.js";
import { createBatch, oneDay, order, upload } from "./support/batch-order.js";
import { chatLines } from "./support/input-lines.js";
import { startFake } from "./support/start-fake.js";

const input = chatLines(1);
let fake: FakeOpenAI;
let client: OpenAI;
let inputFileId: string;

beforeEach(async () => {
  ({ fake, client } = await startFake());
  inputFileId = (await upload(client, input)).id;
});

function create(input_file_id = inputFileId) {
  return client.batches.create({ input_file_id, ...order });
}

async function complete(): Promise<OpenAI.Batch> {
  const { id } = await create();
  fake.clock.advance(oneDay);
  return client.batches.retrieve(id);
}

describe("a fault of one batch", () => {
  it("fails it once it is validated", async () => {
    fake.failJob({ kind: "fail", code: "token_limit_exceeded", message: "Too much." });
    const { id, status } = await create();
    expect(status).toBe("validating");
    fake.clock.advance(1000);
    expect(await client.batches.retrieve(id)).toMatchObject({
      status: "failed",
      errors: { data: [{ code: "token_limit_exceeded", message: "Too much.", line: null }] },
    });
    expect(await complete()).toMatchObject({ status: "completed" });
  });

  it("hides the input file from the first creates of each batch", async () => {
    fake.failJob({ kind: "input-not-found", looks: 2 }, 2);
    const refused = { status: 400, message: expect.stringContaining("Cannot find file") };
    const { id: other } = await upload(client, input);
    for (const id of [inputFileId, other, inputFileId, other]) {
      await expect(create(id)).rejects.toMatchObject(refused);
    }
    await create(inputFileId);
    await create(other);
    expect((await client.files.retrieve(inputFileId)).id).toBe(inputFileId);
    expect(fake.jobs.map((job) => job.inputFileId)).toEqual([inputFileId, other]);
  });

  it("answers 404 to the first who ask for it", async () => {
    fake.failJob({ kind: "not-found", looks: 1 });
    const { id } = await create();
    await expect(client.batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
    expect(await client.batches.retrieve(id)).toMatchObject({ id });
  });

  it("leaves it out of the first lists", async () => {
    await create();
    fake.failJob({ kind: "unlisted", looks: 1 });
    const { id } = await create();
    expect((await client.batches.list()).data).toHaveLength(1);
    expect((await client.batches.list()).data[0]?.id).toBe(id);
  });

  it("shows a status nobody knows for a while", async () => {
    fake.failJob({ kind: "status-word", word: "queued", looks: 2 });
    const { id, status } = await create();
    expect(status).toBe("queued");
    expect((await client.batches.retrieve(id)).status).toBe("queued");
    expect((await client.batches.retrieve(id)).status).toBe("validating");
    expect(fake.jobs[0]?.status).toBe("validating");
  });

  it("reports counts that are wrong", async () => {
    const counts = { total: 0, completed: 0, failed: 0 };
    fake.failJob({ kind: "wrong-counts", counts });
    expect((await complete()).request_counts).toEqual(counts);
  });

  it("has an empty text for a file that is not there", async () => {
    fake.failJob({ kind: "empty-file-ids" });
    const done = await complete();
    expect(done.error_file_id).toBe("");
    expect(done.output_file_id).toMatch(/^file-/);
  });

  it("shows file ids before there are files", async () => {
    fake.failJob({ kind: "early-file-ids" });
    const { id, output_file_id } = await create();
    await expect(client.files.content(String(output_file_id))).rejects.toMatchObject({
      status: 404,
    });
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    expect(done).toMatchObject({ output_file_id, error_file_id: null });
    expect((await client.files.content(String(output_file_id))).status).toBe(200);
  });

  it("answers 404 to the first downloads", async () => {
    fake.failJob({ kind: "content-not-found", looks: 2 });
    const { output_file_id } = await complete();
    for (let look = 0; look < 2; look += 1) {
      await expect(client.files.content(String(output_file_id))).rejects.toMatchObject({
        status: 404,
      });
    }
    expect((await client.files.content(String(output_file_id))).status).toBe(200);
  });

  it("may be several at once, and for ever", async () => {
    fake.failJob(
      [{ kind: "empty-file-ids" }, { kind: "fail", code: "x" }],
      Number.POSITIVE_INFINITY,
    );
    for (let count = 0; count < 2; count += 1) {
      expect(await complete()).toMatchObject({
        status: "failed",
        output_file_id: "",
        errors: { data: [{ code: "x" }] },
      });
    }
  });

  it("still lets it be cancelled while it is validated", async () => {
    fake.failJob({ kind: "fail", code: "x" });
    const { id } = await create();
    await client.batches.cancel(id);
    fake.clock.advance(1000);
    expect(await client.batches.retrieve(id)).toMatchObject({
      status: "cancelled",
      output_file_id: null,
      error_file_id: null,
    });
  });
});

describe("an answer script that throws", () => {
  it("is told to the client and creates nothing", async () => {
    const broken = await startFake({
      answer: () => {
        throw new Error("no script for this");
      },
    });
    await expect(createBatch(broken.client, input)).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining("no script for this"),
    });
    expect(broken.fake.jobs).toEqual([]);
  });
});
