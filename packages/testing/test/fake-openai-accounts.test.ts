import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import type { FakeAccount } from "../src/index.js";
import { createBatch, oneDay, order, upload } from "./support/batch-order.js";
import { chatLines } from "./support/input-lines.js";
import { startFake } from "./support/start-fake.js";

const accounts: Readonly<Record<string, FakeAccount>> = {
  "sk-a": { organization: "first" },
  "sk-a-2": { organization: "first" },
  "sk-b": { organization: "second" },
  "sk-b-project": { organization: "second", project: "proj_1" },
};

async function startWithAccounts() {
  const { fake } = await startFake({ accounts });
  const client = (apiKey: string) => new OpenAI({ apiKey, baseURL: fake.url, maxRetries: 0 });
  return { fake, client };
}

describe("a server with several accounts", () => {
  it.each(["sk-b", "sk-b-project"])("shows nothing of one to another: %s", async (apiKey) => {
    const { fake, client } = await startWithAccounts();
    const mine = client("sk-a");
    const { id, input_file_id } = await createBatch(mine, chatLines(1));
    fake.clock.advance(oneDay);
    const { output_file_id } = await mine.batches.retrieve(id);

    const other = client(apiKey);
    const missing = { status: 404 };
    expect((await other.batches.list()).data).toEqual([]);
    expect((await other.files.list()).data).toEqual([]);
    await expect(other.batches.retrieve(id)).rejects.toMatchObject(missing);
    await expect(other.batches.cancel(id)).rejects.toMatchObject(missing);
    for (const fileId of [input_file_id, String(output_file_id)]) {
      await expect(other.files.retrieve(fileId)).rejects.toMatchObject(missing);
      await expect(other.files.content(fileId)).rejects.toMatchObject(missing);
      await expect(other.files.delete(fileId)).rejects.toMatchObject(missing);
    }
    await expect(other.batches.create({ input_file_id, ...order })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`organization second`),
    });
    expect(fake.jobs).toHaveLength(1);
    expect((await mine.files.content(input_file_id)).status).toBe(200);
  });

  it("shows the same to two keys of one account", async () => {
    const { client } = await startWithAccounts();
    const { id } = await createBatch(client("sk-a"), chatLines(1));
    expect(await client("sk-a-2").batches.retrieve(id)).toMatchObject({ id });
  });

  it.each(["sk-c", "constructor"])("lets no other key in: %s", async (apiKey) => {
    const { client } = await startWithAccounts();
    const error = { status: 401, code: "invalid_api_key" };
    await expect(client(apiKey).batches.list()).rejects.toMatchObject(error);
  });

  it.each([
    ["sk-a", "first", null],
    ["sk-b-project", "second", "proj_1"],
  ])("names the account of %s in every answer, also in an error", async (key, name, project) => {
    const { client } = await startWithAccounts();
    const { headers } = await client(key).batches.list().asResponse();
    const missing: unknown = await client(key).batches.retrieve("batch_0").catch(identity);
    const said = [headers, (missing as InstanceType<typeof OpenAI.APIError>).headers];
    for (const each of said) {
      expect(each?.get("openai-organization")).toBe(name);
      expect(each?.get("openai-project")).toBe(project);
    }
  });
});

describe("a server with one account", () => {
  it("names the same organisation to every key, and none where it lets nobody in", async () => {
    const { fake, client } = await startFake({ apiKey: "test" });
    const { headers } = await client.batches.list().asResponse();
    expect(headers.get("openai-organization")).toBe("org-fake");
    expect(headers.has("openai-project")).toBe(false);
    const refused = await fetch(`${fake.url}/batches`);
    expect(refused.headers.has("openai-organization")).toBe(false);
  });
});

describe("a deleted file", () => {
  it("does no harm to a batch that was created from it, and makes no other", async () => {
    const { fake, client } = await startFake();
    const { id: input_file_id } = await upload(client, chatLines(2));
    const { id } = await client.batches.create({ input_file_id, ...order });
    await client.files.delete(input_file_id);
    await expect(client.batches.create({ input_file_id, ...order })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`Cannot find file ${input_file_id}`),
    });
    fake.clock.advance(oneDay);
    const { status, request_counts } = await client.batches.retrieve(id);
    expect(status).toBe("completed");
    expect(request_counts).toMatchObject({ completed: 2 });
    expect(fake.jobs).toHaveLength(1);
  });

  it("is still named by its batch where it held the results", async () => {
    const { fake, client } = await startFake();
    const { id } = await createBatch(client, chatLines(1));
    fake.clock.advance(oneDay);
    const { output_file_id } = await client.batches.retrieve(id);
    await client.files.delete(String(output_file_id));
    expect(await client.batches.retrieve(id)).toMatchObject({ output_file_id });
    const missing = { status: 404 };
    await expect(client.files.content(String(output_file_id))).rejects.toMatchObject(missing);
  });
});

function identity(error: unknown): unknown {
  return error;
}
