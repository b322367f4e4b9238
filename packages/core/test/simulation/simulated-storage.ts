import type { Storage } from "../../src/index.js";
import type { FaultKind } from "./faults.js";
import { blobOf } from "./opened-blobs.js";
import type { SimulatedProcess } from "./simulated-process.js";

/** The slowest answer, in milliseconds. */
const latencyMs = 10;

/** The shared storage as one process sees it: each access may fail, and may have happened then. */
export function simulatedStorage(process: SimulatedProcess): Storage {
  const { disk } = process.world;

  /** One access; `happen` is all of it that others can see, at one moment. */
  async function access<T>(fault: FaultKind | undefined, happen: () => T): Promise<T> {
    if (fault === "lost") throw failure();
    const value = happen();
    if (fault === "unanswered") throw failure();
    if (fault !== undefined) await process.end(fault);
    return value;
  }

  return {
    specVersion: 1,

    async readRecord(key) {
      const fault = await process.begin("read-record", key, latencyMs);
      return access(fault, () => disk.readRecord(key));
    },

    async writeRecord(key, value, { expected }) {
      const fault = await process.begin("write-record", key, latencyMs);
      return access(fault, () => ({ revision: disk.writeRecord(key, value, expected) }));
    },

    async *readBlob(key, { start = 0, end = Number.POSITIVE_INFINITY } = {}) {
      const fault = await process.begin("read-blob", key, latencyMs);
      const bytes = await access(fault, () => Buffer.from(disk.readBlob(key).subarray(start, end)));
      if (fault !== "midway") {
        yield bytes;
        return;
      }
      yield bytes.subarray(0, bytes.length / 2);
      throw failure();
    },

    async writeBlob(key, data) {
      const fault = await process.begin("write-blob", key, latencyMs);
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) {
        if (fault === "lost") throw failure();
        // A copy: the chunk is only valid until the next one.
        chunks.push(Buffer.from(chunk));
      }
      return access(fault, () => disk.writeBlob(key, Buffer.concat(chunks)));
    },

    ...(process.world.conditions.appends && {
      async append(key: string, data: Uint8Array) {
        const fault = await process.begin("append", key, latencyMs);
        const bytes = Buffer.from(data);
        if (fault === "midway") {
          disk.append(key, bytes.subarray(0, process.world.random.between(0, bytes.length)));
          throw failure();
        }
        return access(fault, () => disk.append(key, bytes));
      },
    }),

    async *list(prefix) {
      const fault = await process.begin("list-keys", prefix, latencyMs);
      yield* await access(fault, () => disk.keys(prefix));
    },

    async remove(key) {
      const fault = await process.begin("remove", key, latencyMs);
      return access(fault, () => disk.remove(key));
    },

    async openBlob(key) {
      const fault = await process.begin("open-blob", key, latencyMs);
      return blobOf(await access(fault, () => disk.readBlob(key)));
    },
  };
}

function failure(): Error {
  return new Error("EIO: i/o error");
}
