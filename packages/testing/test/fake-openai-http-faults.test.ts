import OpenAI from "openai";
import { beforeEach, describe, expect, it } from "vitest";
import { type FakeOpenAI, startFakeOpenAI } from "../src/index.js";
import { oneDay, order, upload } from "./support/batch-order.js";
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

function create(input_file_id = inputFileId, options?: OpenAI.RequestOptions) {
  return client.batches.create({ input_file_id, ...order }, options);
}

async function complete(): Promise<OpenAI.Batch> {
  const { id } = await create();
  fake.clock.advance(oneDay);
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
    await expect(upload(client, input)).rejects.toMatchObject({ status: 500 });
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
