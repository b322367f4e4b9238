import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { startFakeOpenAI } from "@langbatch/testing/fake-openai";
import { expect, it, onTestFinished } from "vitest";
import { gcsStorage } from "../src/index.js";
import { bucketOf, openStorage } from "./support/open-storage.js";
import { sdkVersions } from "./support/sdk-versions.js";

it.each(sdkVersions)(
  "a batch kept in a bucket is resumed on another machine, with %s",
  async (_, connect) => {
    const folder = await mkdtemp(join(tmpdir(), "langbatch-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const server = await startFakeOpenAI();
    onTestFinished(() => server.close());
    const { fake, storage } = await openStorage(connect, { maxPageSize: 2 });
    const batchKwargs = { apiKey: "any", baseURL: server.url };

    const file = join(folder, "data.jsonl");
    const lines = Array.from({ length: 7 }, (_, n) =>
      JSON.stringify({
        custom_id: `question-${n}`,
        method: "POST",
        url: "/v1/chat/completions",
        body: { model: "gpt-5-mini", messages: [{ role: "user", content: `What is ${n}?` }] },
      }),
    );
    await writeFile(file, lines.join("\n"));
    const batch = new OpenAIChatCompletionBatch(file, {
      storage,
      batchKwargs,
      maxRequestsPerJob: 3,
    });
    await batch.start();
    // The first machine is gone, and what it read as well.
    await rm(file);

    const elsewhere = gcsStorage({ bucket: bucketOf(connect, fake), prefix: "batches/" });
    const later = await OpenAIChatCompletionBatch.load(batch.id, {
      storage: elsewhere,
      batchKwargs,
    });
    server.clock.advance(86_400_000);
    expect(await later.wait()).toBe("completed");
    const { successful, unsuccessful } = await later.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(
      Array.from({ length: 7 }, (_, n) => `question-${n}`),
    );
    expect(unsuccessful).toEqual([]);
    expect(server.jobs).toHaveLength(3);

    const names = fake.objects.map(({ name }) => name);
    expect(names).toContain(`batches/batches/${batch.id}.record`);
    for (const name of names)
      expect(name).toMatch(/^batches\/(batches|jobs|blobs)\/.*\.(record|blob)$/);
  },
);
