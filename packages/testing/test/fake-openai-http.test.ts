import { createReadStream, openAsBlob } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI, { toStreamingFile } from "openai";
import { describe, expect, it, vi } from "vitest";
import { startFakeOpenAI } from "../src/index.js";
import { oneDay, order, upload } from "./support/batch-order.js";
import { requestLine } from "./support/input-lines.js";
import { authorization, startFake } from "./support/start-fake.js";

describe("the key", () => {
  it("must be there", async () => {
    const { fake } = await startFake();
    const response = await fetch(`${fake.url}/batches`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: { type: "invalid_request_error", param: null, code: null },
    });
  });

  it("must be the right one where the server has one", async () => {
    const { fake, client } = await startFake({ apiKey: "sk-right" });
    await expect(client.batches.list()).rejects.toMatchObject({
      status: 401,
      code: "invalid_api_key",
      message: expect.stringContaining("Incorrect API key provided"),
    });
    const right = new OpenAI({ apiKey: "sk-right", baseURL: fake.url });
    expect((await right.batches.list()).data).toEqual([]);
  });
});

describe("an upload", () => {
  it("is kept byte for byte, with what OpenAI says of it", async () => {
    const { fake, client } = await startFake();
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    const file = await client.files.create({
      purpose: "batch",
      file: new File([bytes], "input.jsonl"),
      expires_after: { anchor: "created_at", seconds: 7200 },
    });
    expect(file).toMatchObject({
      object: "file",
      bytes: 100_000,
      filename: "input.jsonl",
      purpose: "batch",
      status: "processed",
      expires_at: file.created_at + 7200,
    });
    expect(await client.files.retrieve(file.id)).toEqual(file);
    const content = await client.files.content(file.id);
    expect(content.headers.get("content-length")).toBe("100000");
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);

    fake.clock.advance(7_200_000);
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
  });

  it("of 50 MB is streamed to the disk, from a file as well as from a stream", async () => {
    const { fake, client } = await startFake();
    const directory = await mkdtemp(join(tmpdir(), "fake-openai-test-"));
    const path = join(directory, "input.jsonl");
    const body = { model: "m", messages: [{ role: "user", content: "x".repeat(100_000) }] };
    await writeFile(
      path,
      (function* () {
        for (let id = 0; id < 500; id += 1) yield `${requestLine(`r${id}`, { body })}\n`;
      })(),
    );
    const { size } = await stat(path);
    expect(size).toBeGreaterThan(50_000_000);

    const whole = new File([await openAsBlob(path)], "input.jsonl");
    const sized = await client.files.create({ purpose: "batch", file: whole });
    expect(sized.bytes).toBe(size);
    const file = toStreamingFile(createReadStream(path), "input.jsonl");
    const streamed = await client.files.create({ purpose: "batch", file });
    expect(streamed.bytes).toBe(size);
    expect(fake.requests[1]?.headers["content-length"]).toBeUndefined();

    const { id } = await client.batches.create({ input_file_id: streamed.id, ...order });
    fake.clock.advance(oneDay);
    const done = await client.batches.retrieve(id);
    expect(done.request_counts).toEqual({ total: 500, completed: 500, failed: 0 });
    await rm(directory, { recursive: true });
  }, 30_000);

  it.each([
    ["is not for batches", { purpose: "fine-tune" }, "is not one of ['batch']"],
    ["has no purpose", { purpose: undefined }, "Missing required parameter: 'purpose'."],
    ["has no file", { file: undefined }, "Missing required parameter: 'file'."],
    [
      "has another ending",
      { file: new File(["{}"], "input.json") },
      "Invalid file format for Batch API. Must be .jsonl",
    ],
    ["is too large", { file: new File(["x".repeat(1001)], "a.jsonl") }, "File is too large."],
    ["is kept too short", { "expires_after[seconds]": "60" }, "between 3600 and 2592000"],
  ])("is refused where it %s", async (_, change, message) => {
    const { fake } = await startFake({ maxFileBytes: 1000 });
    const fields = {
      purpose: "batch",
      "expires_after[anchor]": "created_at",
      "expires_after[seconds]": "3600",
      file: new File(["x".repeat(1000)], "a.jsonl"),
      ...change,
    };
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) body.append(name, value);
    }
    const url = `${fake.url}/files`;
    const response = await fetch(url, { method: "POST", headers: { authorization }, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining(message), type: "invalid_request_error" },
    });
    expect(fake.files).toEqual([]);
  });

  it.each([
    ["application/json", "{}"],
    ["multipart/form-data; boundary=b", "--b\r\nnonsense"],
  ])("is refused where it is no form: %s", async (type, body) => {
    const { fake } = await startFake();
    const headers = { authorization, "content-type": type };
    const response = await fetch(`${fake.url}/files`, { method: "POST", headers, body });
    expect(response.status).toBe(400);
  });

  it("leaves nothing behind where the client breaks it off", async () => {
    const { fake } = await startFake();
    const abort = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        const head = 'content-disposition: form-data; name="file"; filename="a.jsonl"';
        controller.enqueue(Buffer.from(`--b\r\n${head}\r\n\r\n{"some`));
      },
    });
    const sent = fetch(`${fake.url}/files`, {
      method: "POST",
      headers: { authorization, "content-type": "multipart/form-data; boundary=b" },
      body,
      duplex: "half",
      signal: abort.signal,
    } as RequestInit);
    await expect.poll(() => fake.requests[0]?.bytes).toBeGreaterThan(0);
    abort.abort();
    await expect(sent).rejects.toThrow();
    expect(fake.files).toEqual([]);
  });
});

describe("a file", () => {
  it("is listed, newest first, until it is deleted", async () => {
    const { client } = await startFake();
    const names = ["a.jsonl", "b.jsonl", "c.jsonl"];
    const ids: string[] = [];
    for (const name of names) ids.push((await upload(client, "{}", name)).id);
    const listed: string[] = [];
    for await (const file of client.files.list({ limit: 2 })) listed.push(file.filename);
    expect(listed).toEqual(["c.jsonl", "b.jsonl", "a.jsonl"]);

    const [id = ""] = ids;
    expect(await client.files.delete(id)).toEqual({ id, object: "file", deleted: true });
    const missing = { status: 404, message: expect.stringContaining("No such File object") };
    await expect(client.files.delete(id)).rejects.toMatchObject(missing);
    await expect(client.files.content(id)).rejects.toMatchObject(missing);
    expect((await client.files.list({ order: "asc" })).data.map((file) => file.id)).toEqual(
      ids.slice(1),
    );
    expect((await client.files.list({ purpose: "batch_output" })).data).toEqual([]);
  });

  it.each([
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=3-5", 206, "345", "bytes 3-5/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=-20", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=8-100", 206, "89", "bytes 8-9/10"],
    ["bytes=5-3", 200, "0123456789", null],
    ["bytes=0-1,4-5", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
  ])("gives the range %s", async (range, status, text, contentRange) => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, "0123456789");
    const headers = { authorization, range };
    const response = await fetch(`${fake.url}/files/${id}/content`, { headers });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(text.length));
    expect(await response.text()).toBe(text);
  });

  it.each(["bytes=10-", "bytes=-0"])("refuses the range %s past its end", async (range) => {
    const { fake, client } = await startFake();
    const { id } = await upload(client, "0123456789");
    const headers = { authorization, range };
    const response = await fetch(`${fake.url}/files/${id}/content`, { headers });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */10");
  });

  it("may be empty", async () => {
    const { client } = await startFake();
    const { id } = await upload(client, "");
    expect(await (await client.files.content(id)).text()).toBe("");
  });
});

describe("the server", () => {
  it("answers an unknown path and an unknown batch as OpenAI does", async () => {
    const { fake, client } = await startFake();
    const response = await fetch(`${fake.url}/models`, { headers: { authorization } });
    expect(response.status).toBe(404);
    await expect(client.batches.retrieve("batch_0")).rejects.toMatchObject({
      status: 404,
      message: "404 No batch found with id 'batch_0'.",
    });
  });

  it("tells the time of its own clock", async () => {
    const { fake, client } = await startFake();
    fake.clock.advance(1_000_000);
    const { headers } = await client.batches.list().asResponse();
    expect(Date.parse(headers.get("date") ?? "")).toBe(fake.clock.now());
    expect(() => fake.clock.advance(-1)).toThrow(RangeError);
  });

  it("deletes its files when it is closed", async () => {
    const directory = await mkdtemp(join(tmpdir(), "fake-openai-test-"));
    vi.stubEnv("TMPDIR", directory);
    const fake = await startFakeOpenAI();
    vi.unstubAllEnvs();
    const client = new OpenAI({ apiKey: "test", baseURL: fake.url });
    await upload(client, requestLine("a"));
    expect(await readdir(directory)).toHaveLength(1);
    await fake.close();
    expect(await readdir(directory)).toEqual([]);
    await rm(directory, { recursive: true });
  });
});
