import { randomBytes } from "node:crypto";
import process from "node:process";
import { LangBatchError, type Storage } from "@langbatch/core";
import { blobOf, stateOf } from "./worker-data.js";

/**
 * What a process of {@link describeStorageProcesses} does with the storage that it has opened: as its
 * first two arguments say. It reports each finished step as a line.
 */
export async function runStorageWorker(storage: Storage): Promise<void> {
  const [mode = "", steps] = process.argv.slice(2);
  switch (mode) {
    case "count":
      return count(storage, Number(steps));
    case "churn":
      return churn(storage, Number(steps));
    case "write":
      return write(storage);
    default:
      throw new TypeError(`There is no work called ${mode}.`);
  }
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

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
async function count(storage: Storage, steps: number): Promise<void> {
  for (let done = 0; done < steps; ) {
    const created = storage.writeRecord(`race/${done}`, stateOf(done), { expected: null });
    if ((await codeOf(created)) === undefined) report(`created ${done}`);
    const record = await storage.readRecord("counter");
    const value = Buffer.from(String(Number(record ? Buffer.from(record.value) : 0) + 1));
    const expected = record?.revision ?? null;
    const code = await codeOf(storage.writeRecord("counter", value, { expected }));
    if (code === undefined) done += 1;
    else if (code !== "storage_conflict") throw new Error(code);
  }
}

/** Creates, updates and removes one record, and reports each write that was acknowledged. */
async function churn(storage: Storage, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
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
    if (revision) report(JSON.stringify({ expected, revision }));
    // A write that fails beside a removal may or may not have happened.
    else if (code !== "storage_conflict" && code !== "storage_failed") throw new Error(code);
  }
}

/** Writes until it is killed. */
async function write(storage: Storage): Promise<never> {
  for (;;) {
    const record = await storage.readRecord("state");
    const last = record ? JSON.parse(Buffer.from(record.value).toString()).number : 0;
    const number = last + 1;
    // Where the one before died between the two, the blob is there already.
    await codeOf(storage.writeBlob(`blobs/${number}`, blobOf(number)));
    report(`blob ${number}`);
    await storage.writeRecord("state", stateOf(number), { expected: record?.revision ?? null });
    report(`state ${number}`);
    await codeOf(storage.writeRecord(`made/${number}`, stateOf(number), { expected: null }));
    report(`made ${number}`);
    await storage.remove(`made/${last}`);
    report(`removed ${last}`);
  }
}
