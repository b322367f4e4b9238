import { randomUUID } from "node:crypto";
import type { JsonObject } from "@langbatch/core";
import { fileStorage } from "@langbatch/storage-file";
import { reportWork } from "../measure-child.js";
import { jobStates } from "./job-states.js";

const [directory = "", shards = ""] = process.argv.slice(2);

/** As many as the engine works on at the same time. */
const shardsAtOnce = 4;

/** The engine reads a record when it comes to a shard: to send it, to note its end, to collect it. */
const visits: readonly (readonly [first: number, end: number])[] = [
  [0, 3],
  [3, 4],
  [4, 5],
];

const storage = fileStorage(directory);

async function visit(shard: number, from: number, to: number): Promise<void> {
  const key = `jobs/benchmark/0/${shard}`;
  let revision = (await storage.readRecord(key))?.revision ?? null;
  for (const value of jobStates(shard).slice(from, to)) {
    ({ revision } = await storage.writeRecord(key, envelope(value), { expected: revision }));
  }
}

/** What core writes around every value. */
function envelope(value: JsonObject): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 1, minReader: 1, writeId: randomUUID(), value }));
}

await reportWork(async () => {
  for (const [from, to] of visits) {
    const rest = Array.from({ length: Number(shards) }, (_, shard) => shard).values();
    const worker = async () => {
      for (const shard of rest) await visit(shard, from, to);
    };
    await Promise.all(Array.from({ length: shardsAtOnce }, worker));
  }
});
