import { createReadStream } from "node:fs";
import type { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AzureOpenAIChatCompletionBatch } from "../src/index.js";
import { type Azurite, azurite, startAzurite } from "./support/azurite.js";
import { chatLine, openAzure } from "./support/open-azure.js";

// LANGBATCH_AZURITE is where Azurite's dist/src/blob/main.js lies.
describe.skipIf(azurite === undefined)("a batch through the user's own storage account", () => {
  let emulator: Azurite;
  let input: ContainerClient;
  let output: ContainerClient;

  beforeAll(async () => {
    emulator = await startAzurite();
    input = await emulator.container("inputs");
    output = await emulator.container("results");
  });

  afterAll(async () => {
    await emulator.close();
  });

  /** The resource, whose own identity reads and writes the same containers. */
  function openWithBlobs() {
    const blobAt = (url: string) => {
      const container = url.startsWith(`${input.url}/`) ? input : output;
      return container.getBlockBlobClient(decodeURIComponent(url.slice(container.url.length + 1)));
    };
    return openAzure({
      blobs: {
        async *read(url) {
          const { readableStreamBody } = await blobAt(url).download();
          for await (const chunk of readableStreamBody ?? []) yield chunk as unknown as Uint8Array;
        },
        async write(url, path) {
          await blobAt(url).uploadStream(createReadStream(path));
        },
      },
    });
  }

  async function namesIn(container: ContainerClient): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    return names;
  }

  it("brings every result home, and leaves no input behind", async () => {
    const { file, options, server } = await openWithBlobs();
    const path = await file(["a", "b", "c"].map((id) => `${chatLine(id)}\n`).join(""));
    const batch = new AzureOpenAIChatCompletionBatch(path, {
      ...options({ blobs: { input, output } }),
      maxRequestsPerJob: 2,
    });
    await batch.start();
    expect(await namesIn(input)).toHaveLength(2);
    expect(server.files).toEqual([]);
    expect(server.jobs.every(({ metadata }) => Object.keys(metadata).length === 0)).toBe(true);
    await batch.wait();
    const { successful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "b", "c"]);
    expect(await namesIn(input)).toEqual([]);
  });

  it("goes on in another process that is given the containers again, and says so without", async () => {
    const { file, options } = await openWithBlobs();
    const path = await file(`${chatLine("a")}\n`);
    const blobs = { input, output };
    const batch = new AzureOpenAIChatCompletionBatch(path, options({ blobs }));
    await batch.save();
    const without = await AzureOpenAIChatCompletionBatch.load(batch.id, options());
    await expect(without.start()).rejects.toMatchObject({
      code: "missing_setting",
      message: expect.stringContaining("`batchKwargs: { blobs }`"),
    });
    const later = await AzureOpenAIChatCompletionBatch.load(batch.id, options({ blobs }));
    await later.start();
    expect(await later.wait()).toBe("completed");
  });

  it("is found again by its input where the answer to its creation is lost, and paid once", async () => {
    const { file, options, server } = await openWithBlobs();
    server.failNext({ method: "POST", path: /\/batches$/ }, { kind: "reset-after" });
    const path = await file(`${chatLine("a")}\n`);
    const batch = new AzureOpenAIChatCompletionBatch(path, options({ blobs: { input, output } }));
    await batch.start();
    await batch.wait();
    expect(server.jobs).toHaveLength(1);
    expect((await batch.getResults()).successful).toHaveLength(1);
  });

  it("takes no metadata, and says so before anything is stored", async () => {
    const { file, options } = await openWithBlobs();
    const more = { blobs: { input, output }, metadata: { team: "search" } };
    const batch = new AzureOpenAIChatCompletionBatch(
      await file(`${chatLine("a")}\n`),
      options(more),
    );
    await expect(batch.start()).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringContaining("keeps none with a batch"),
    });
  });
});
