import { randomBytes } from "node:crypto";
import { LangBatchError } from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import { blobOf, countTo, stateOf } from "./worker-data.js";

// A process of its own for processes.test.ts. It reports each finished step as a line.
const [mode, directory] = process.argv.slice(2);
const storage = fileStorage(directory);

/** The code of the LangBatchError that `work` fails with. */
async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (LangBatchError.is(error)) return error.code;
    throw error;
  }
}

/** Adds 1 to a counter many times, and each time tries to be the one who creates a record. */
async function count(): Promise<void> {
  for (let done = 0; done < countTo; ) {
    const created = storage.writeRecord(`race/${done}`, stateOf(done), { expected: null });
    if ((await codeOf(created)) === undefined) process.stdout.write(`created ${done}\n`);
    const record = await storage.readRecord("counter");
    const value = Buffer.from(String(Number(record ? Buffer.from(record.value) : 0) + 1));
    const expected = record?.revision ?? null;
    const code = await codeOf(storage.writeRecord("counter", value, { expected }));
    if (code === undefined) done += 1;
    else if (code !== "storage_conflict") throw new Error(code);
  }
}

/** Writes until it is killed. */
async function write(): Promise<void> {
  for (;;) {
    const record = await storage.readRecord("state");
    const last = record ? JSON.parse(Buffer.from(record.value).toString()).number : 0;
    const number = last + 1;
    // Where the one before died between the two, the blob is there already.
    await codeOf(storage.writeBlob(`blobs/${number}`, blobOf(number)));
    process.stdout.write(`blob ${number}\n`);
    await storage.writeRecord("state", stateOf(number), { expected: record?.revision ?? null });
    process.stdout.write(`state ${number}\n`);
    await codeOf(storage.writeRecord(`made/${number}`, stateOf(number), { expected: null }));
    process.stdout.write(`made ${number}\n`);
    await storage.remove(`made/${last}`);
    process.stdout.write(`removed ${last}\n`);
  }
}

/** Creates, updates and removes one record, and reports each write that was acknowledged. */
async function churn(): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    const record = await storage.readRecord("record");
    if (record && (randomBytes(1)[0] ?? 0) < 60) {
      await storage.remove("record");
      continue;
    }
    const expected = record?.revision ?? null;
    let revision: string | undefined;
    const code = await codeOf(
      storage.writeRecord("record", stateOf(step), { expected }).then((written) => {
        revision = written.revision;
      }),
    );
    if (revision) process.stdout.write(`${JSON.stringify({ expected, revision })}\n`);
    else if (code !== "storage_conflict" && code !== "storage_failed") throw new Error(code);
  }
}

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

const modes = new Map([
  ["count", count],
  ["write", write],
  ["churn", churn],
  ["tooBig", tooBig],
]);
await modes.get(mode ?? "")?.();
