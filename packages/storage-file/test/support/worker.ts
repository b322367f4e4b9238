import { randomBytes } from "node:crypto";
import { LangBatchError } from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import { runStorageWorker } from "@langbatch/testing/storage-worker";

// A process of its own for processes.test.ts. It reports each finished step as a line.
const [mode, _steps, directory] = process.argv.slice(2);
const storage = fileStorage(directory);

async function tooBig(): Promise<void> {
  const bytes = randomBytes(3_000_000);
  async function* source(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  for (const write of [
    () => storage.writeRecord("record", bytes, { expected: null }),
    () => storage.writeBlob("blob", source()),
  ]) {
    const error = await write().catch((reason: unknown) => reason);
    if (!LangBatchError.is(error)) throw error;
    process.stdout.write(`${error.code} ${error.message}\n`);
  }
}

if (mode === "tooBig") await tooBig();
else await runStorageWorker(storage);
