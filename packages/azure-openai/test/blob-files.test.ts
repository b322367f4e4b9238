import { randomBytes } from "node:crypto";
import { ContainerClient, ContainerSASPermissions } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blobFiles } from "../src/blob-files.js";
import { type Azurite, azurite, startAzurite } from "./support/azurite.js";

const context = { endpoint: "/v1/chat/completions" };

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

function inputOf(data: Blob) {
  return { tag: "lb-x-0-0-1", name: "lb-x-0-0-1.jsonl", requests: 1, model: "m", data };
}

// LANGBATCH_AZURITE is where Azurite's dist/src/blob/main.js lies.
describe.skipIf(azurite === undefined)("blobs of the user's own storage account", () => {
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

  it("take an input of many blocks and give it back byte for byte", async () => {
    const files = blobFiles({ input, output });
    const bytes = randomBytes(20_000_000);
    const { id } = await files.upload(inputOf(new Blob([bytes])), context);
    expect(id).toBe(`${input.url}/lb-x-0-0-1.jsonl`);
    expect(files.createFields(id)).toEqual({
      input_file_id: null,
      input_blob: id,
      output_folder: { url: output.url },
    });
    expect((await bytesOf(files.download(id, context))).equals(bytes)).toBe(true);
    await files.remove(id, context);
    await files.remove(id, context);
    await expect(bytesOf(files.download(id, context))).rejects.toMatchObject({ status: 404 });
  });

  it("bring nothing where Azure names a result that it has never written", async () => {
    const files = blobFiles({ input, output });
    const results = await bytesOf(files.download(`${output.url}/some/errors.jsonl`, context));
    expect(results).toHaveLength(0);
  });

  it("are named without the signature that opens them", async () => {
    const url = await input.generateSasUrl({
      permissions: ContainerSASPermissions.parse("rwd"),
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    const files = blobFiles({ input: new ContainerClient(url), output });
    const { id } = await files.upload(inputOf(new Blob(["{}\n"])), context);
    expect(id).toBe(`${input.url}/lb-x-0-0-1.jsonl`);
    expect(String(await bytesOf(files.download(id, context)))).toBe("{}\n");
  });

  it("say what may not be done, and show no signature", async () => {
    const url = await input.generateSasUrl({
      permissions: ContainerSASPermissions.parse("r"),
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    const files = blobFiles({ input: new ContainerClient(url), output });
    const error: unknown = await files
      .upload(inputOf(new Blob(["{}\n"])), context)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "provider_failed",
      status: 403,
      message: expect.stringContaining("Storage Blob Data Contributor"),
    });
    const shown = `${String(error)}${JSON.stringify(error)}${String((error as Error).cause)}`;
    expect(shown).not.toContain("sig=");
  });

  it("are refused where they lie in no container that was given", async () => {
    const files = blobFiles({ input, output });
    const elsewhere = bytesOf(files.download("https://other.example/in/a.jsonl", context));
    await expect(elsewhere).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringContaining("Pass those the batch was started with"),
    });
  });

  it("stop at once where the caller has stopped waiting", async () => {
    const files = blobFiles({ input, output });
    const signal = AbortSignal.abort(new Error("enough"));
    const upload = files.upload(inputOf(new Blob(["{}\n"])), { ...context, signal });
    await expect(upload).rejects.toThrow("enough");
  });
});
