import type { Storage } from "@langbatch/core";
import { expect } from "vitest";
import { codeOf } from "./error-code.js";
import { readText } from "./read-back.js";
import { text } from "./sample-bytes.js";

/** Each of the handles adds 1 to the same record 25 times. */
export async function countTogether(handles: readonly Storage[]): Promise<void> {
  await Promise.all(
    handles.map(async (storage) => {
      for (let count = 0; count < 25; count += 1) await addOne(storage);
    }),
  );
  expect(await readText(handles[0] as Storage, "counter")).toBe(String(handles.length * 25));
}

async function addOne(storage: Storage): Promise<void> {
  // Each refusal means that somebody else got on, so a right storage needs far fewer attempts.
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const record = await storage.readRecord("counter");
    const value = text(Number(record ? Buffer.from(record.value).toString() : 0) + 1);
    const expected = record?.revision ?? null;
    const code = await codeOf(() => storage.writeRecord("counter", value, { expected }));
    if (code === undefined) return;
    expect(code).toBe("storage_conflict");
  }
  expect.fail("A writer was refused 10,000 times.");
}
