import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bucket } from "./bucket.js";

/** A bucket in a Map, as far away as `delayMs` says. Its ETags are hashes, as in S3. */
export function memoryBucket({ delayMs = 0 }: { readonly delayMs?: number } = {}): Bucket {
  const objects = new Map<string, Uint8Array>();

  function etagOf(name: string): string | null {
    const body = objects.get(name);
    return body ? createHash("md5").update(body).digest("hex") : null;
  }

  return {
    async get(name, { start, end } = {}) {
      await sleep(delayMs);
      const etag = etagOf(name);
      const body = objects.get(name);
      return body && etag !== null ? { body: body.slice(start, end), etag } : undefined;
    },

    async put(name, body, ifMatch) {
      await sleep(delayMs);
      // Nothing is awaited from here on: comparing and writing are one act, as in a real bucket.
      if (etagOf(name) !== ifMatch) return undefined;
      objects.set(name, Uint8Array.from(body));
      return etagOf(name) ?? undefined;
    },

    async delete(name) {
      await sleep(delayMs);
      objects.delete(name);
    },

    async *list(prefix) {
      await sleep(delayMs);
      for (const name of [...objects.keys()]) if (name.startsWith(prefix)) yield name;
    },
  };
}
