import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { recoverAll } from "@langbatch/core";
import { OpenAIChatCompletionBatch, openai } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import { toFile } from "openai";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("taking over", () => {
  it("a batch that was made with the SDK alone: its results come home the same way", async () => {
    const { server, client, options } = await openHarness();
    const text = three.map((line) => `${JSON.stringify(line)}\n`).join("");
    const file = await client.files.create({
      file: await toFile(Buffer.from(text), "mine.jsonl"),
      purpose: "batch",
    });
    const { id } = await client.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const batch = await OpenAIChatCompletionBatch.adopt(id, options);
    expect(await batch.wait()).toBe("completed");
    const { successful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "b", "c"]);
    expect(server.jobs).toHaveLength(1);
  });

  it("a state directory that is gone: every batch is back, and nothing is paid again", async () => {
    const { server, client, options, file, folder } = await openHarness();
    const directory = join(folder, "state");
    const script = async () => {
      const storage = fileStorage(directory);
      const batch = new OpenAIChatCompletionBatch(await file(...three), {
        ...options,
        storage,
        key: "nightly",
      });
      await batch.start();
      return batch;
    };
    const { id } = await script();
    await rm(directory, { recursive: true });

    const recovered = await recoverAll(fileStorage(directory), openai({ client }));
    expect(recovered).toEqual([
      { id, endpoint: "/v1/chat/completions", jobs: 1, state: "recovered", problems: [] },
    ]);
    const batch = await script();
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(3);
    expect(server.jobs).toHaveLength(1);
  });

  it("what is left at the service: clean deletes the files, and the results stay here", async () => {
    const { server, options, file } = await openHarness();
    const batch = new OpenAIChatCompletionBatch(await file(...three), options);
    await batch.start();
    await batch.wait();
    expect(server.files.filter(({ deleted }) => !deleted).length).toBeGreaterThan(1);
    await batch.clean();
    expect(server.files.filter(({ deleted }) => !deleted)).toEqual([]);
    expect((await batch.getResults()).successful).toHaveLength(3);
  });
});

describe("what is stored of a create that nobody understood", () => {
  it("is what came, without the key that a page in between has shown", async () => {
    const { server, client, options, file, folder } = await openHarness();
    const directory = join(folder, "state");
    server.failNext(
      { method: "POST", path: "/v1/batches" },
      {
        kind: "error-after",
        status: 502,
        body: `<html>Bad gateway for Authorization: Bearer ${client.apiKey}, key ${client.apiKey}</html>`,
      },
    );
    const stored: string[] = [];
    const storage = fileStorage(directory);
    const watched: typeof storage = {
      ...storage,
      async writeRecord(key, value, expected) {
        stored.push(Buffer.from(value).toString("utf8"));
        return storage.writeRecord(key, value, expected);
      },
    };
    const batch = new OpenAIChatCompletionBatch(await file(...three), {
      ...options,
      storage: watched,
    });
    await batch.start();
    await batch.wait();
    expect(stored.filter((value) => value.includes("Bad gateway for")).length).toBeGreaterThan(0);
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name), "utf8");
      expect(bytes, entry.name).not.toContain("canary");
    }
    expect(server.jobs).toHaveLength(1);
  });
});
