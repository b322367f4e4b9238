import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeOpenAI, startFakeOpenAI } from "../src/index.js";

let fake: FakeOpenAI;
let client: OpenAI;
let inputFileId: string;

const order = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
const input = `${JSON.stringify({
  custom_id: "a",
  method: "POST",
  url: order.endpoint,
  body: { model: "m", messages: [{ role: "user", content: "hello" }] },
})}\n`;

beforeEach(async () => {
  fake = await startFakeOpenAI();
  client = new OpenAI({ apiKey: "test", baseURL: fake.url, maxRetries: 0 });
  inputFileId = await upload();
});
afterEach(() => fake.close());

async function upload(): Promise<string> {
  const file = new File([input], "input.jsonl");
  return (await client.files.create({ file, purpose: "batch" })).id;
}

function create(input_file_id = inputFileId, options?: OpenAI.RequestOptions) {
  return client.batches.create({ input_file_id, ...order }, options);
}

async function complete(): Promise<OpenAI.Batch> {
  const { id } = await create();
  fake.clock.advance(86_400_000);
  return client.batches.retrieve(id);
}

const creates = { method: "POST", path: "/v1/batches" };

describe("a fault of one HTTP request", () => {
  it("answers a status in OpenAI's envelope and accepts nothing", async () => {
    fake.failNext(creates, { kind: "status", status: 503 });
    await expect(create()).rejects.toMatchObject({ status: 503, type: "server_error" });
    expect(fake.jobs).toEqual([]);
    await create();
    expect(fake.jobs).toHaveLength(1);
  });

  it("answers the body and headers it was given", async () => {
    const body = { error: { message: "Slow down.", code: "rate_limit_exceeded" } };
    const headers = { "retry-after": "7" };
    fake.failNext(creates, { kind: "status", status: 429, body, headers });
    await expect(create()).rejects.toSatisfy(
      (error) =>
        error instanceof OpenAI.RateLimitError &&
        error.code === "rate_limit_exceeded" &&
        error.headers.get("retry-after") === "7",
    );
    fake.failNext({}, { kind: "status", status: 502, body: "<html>Bad gateway</html>" });
    await expect(create()).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("<html>"),
    });
  });

  it("breaks a connection before anything is accepted", async () => {
    fake.failNext(creates, { kind: "reset" });
    await expect(create()).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect(fake.jobs).toEqual([]);
    expect(fake.requests.at(-1)).toMatchObject({ method: "POST", status: undefined });
  });

  it("breaks a connection after the batch is created", async () => {
    fake.failNext(creates, { kind: "reset-after" });
    await expect(create()).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect(fake.jobs).toMatchObject([{ inputFileId }]);
  });

  it("answers an error after the batch is created", async () => {
    fake.failNext(creates, { kind: "error-after", status: 500 });
    await expect(create()).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    expect(fake.jobs).toHaveLength(1);
  });

  it("answers only the beginning of the JSON, and it looks whole", async () => {
    fake.failNext(creates, { kind: "cut", bytes: 40 });
    await expect(create()).rejects.toBeInstanceOf(SyntaxError);
    expect(fake.jobs).toHaveLength(1);
  });

  it("gives only the beginning of a file, and it looks whole", async () => {
    const { output_file_id } = await complete();
    const whole = await (await client.files.content(String(output_file_id))).text();
    fake.failNext({ path: /\/content$/ }, { kind: "cut", bytes: 100 });
    const response = await client.files.content(String(output_file_id));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(whole.slice(0, 100));
  });

  it.each([0, 100])("breaks a download after %d bytes", async (bytes) => {
    const { output_file_id } = await complete();
    fake.failNext({ path: /\/content$/ }, { kind: "break", bytes });
    const response = await client.files.content(String(output_file_id));
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
    const chunks: Uint8Array[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) chunks.push(chunk);
    };
    await expect(read()).rejects.toThrow("terminated");
    expect(Buffer.concat(chunks)).toHaveLength(bytes);
  });

  it.each([
    ["hang", 0],
    ["hang-after", 1],
  ] as const)("never answers: %s", async (kind, jobs) => {
    fake.failNext(creates, { kind });
    const abort = new AbortController();
    const created = create(inputFileId, { signal: abort.signal });
    await expect.poll(() => fake.requests.length).toBe(2);
    await expect.poll(() => fake.jobs.length).toBe(jobs);
    abort.abort();
    await expect(created).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(fake.requests[1]?.status).toBeUndefined();
  });

  it("hangs until the server is closed", async () => {
    fake.failNext(creates, { kind: "hang" });
    const created = create();
    const refused = expect(created).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    await expect.poll(() => fake.requests[1]?.bytes).toBeGreaterThan(0);
    await fake.close();
    await refused;
  });

  it("sends a client elsewhere", async () => {
    const other = await startFakeOpenAI();
    const location = `${other.url}/batches`;
    fake.failNext({ method: "GET", path: "/v1/batches" }, { kind: "redirect", location });
    // The other server refuses: fetch takes no key to another origin.
    await expect(client.batches.list()).rejects.toMatchObject({ status: 401 });
    expect(other.requests).toMatchObject([{ method: "GET", path: "/v1/batches" }]);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    await other.close();
  });

  it("spoils an upload without breaking the client", async () => {
    fake.failNext({ method: "POST", path: "/v1/files" }, { kind: "status", status: 500 });
    await expect(upload()).rejects.toMatchObject({ status: 500 });
    expect(fake.files).toHaveLength(1);
    expect(fake.requests.at(-1)?.bytes).toBeGreaterThan(input.length);
  });

  it("happens as often as was ordered, in that order, to what matches", async () => {
    fake.failNext({ method: "get", path: /^\/v1\/batches$/g }, { kind: "status", status: 500 }, 2);
    fake.failNext({ path: "/v1/batches" }, { kind: "status", status: 503 });
    expect((await client.files.list()).data).toHaveLength(1);
    await expect(client.batches.list()).rejects.toMatchObject({ status: 500 });
    await expect(client.batches.list()).rejects.toMatchObject({ status: 500 });
    await expect(client.batches.list()).rejects.toMatchObject({ status: 503 });
    expect((await client.batches.list()).data).toEqual([]);
  });

  it("makes a client that retries create the batch twice", async () => {
    const retrying = new OpenAI({ apiKey: "test", baseURL: fake.url, maxRetries: 1 });
    const headers = { "retry-after-ms": "0" };
    fake.failNext(creates, { kind: "error-after", status: 500, headers });
    await retrying.batches.create({ input_file_id: inputFileId, ...order });
    expect(fake.jobs).toHaveLength(2);
  });
});

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
    const other = await upload();
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
    fake.clock.advance(86_400_000);
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
    const broken = await startFakeOpenAI({
      answer: () => {
        throw new Error("no script for this");
      },
    });
    const other = new OpenAI({ apiKey: "test", baseURL: broken.url, maxRetries: 0 });
    const file = new File([input], "input.jsonl");
    const { id } = await other.files.create({ file, purpose: "batch" });
    await expect(other.batches.create({ input_file_id: id, ...order })).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining("no script for this"),
    });
    expect(broken.jobs).toEqual([]);
    await broken.close();
  });
});
