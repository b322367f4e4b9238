import type { Storage } from "@langbatch/core";
import { expect } from "vitest";
import { blobOf, stateOf } from "./worker-data.js";

/**
 * Checks what a writer that was killed has left, by what it had reported until then. Called after each
 * of several.
 */
export function afterKill(
  storage: Storage,
  outlivesProcesses: boolean,
): (reports: readonly string[]) => Promise<void> {
  let acknowledged = 0;
  let checked = 0;

  async function checkMade(key: string, number: number): Promise<void> {
    const made = await storage.readRecord(key);
    // One that was on its way out when its writer was killed.
    if (!made && outlivesProcesses) return;
    expect(Buffer.from(made?.value ?? []).equals(stateOf(number))).toBe(true);
  }

  return async (reports) => {
    const steps = reports.map((line) => line.split(" "));
    const last = (step: string) => Number(steps.findLast(([name]) => name === step)?.[1] ?? 0);
    acknowledged = Math.max(acknowledged, last("state"));
    const bytes = Buffer.from((await storage.readRecord("state"))?.value ?? []);
    const number: number = bytes.length === 0 ? 0 : JSON.parse(bytes.toString()).number;
    expect(number).toBeGreaterThanOrEqual(acknowledged);
    if (number > 0) expect(bytes.equals(stateOf(number))).toBe(true);

    const blobs = new Set<number>();
    for await (const key of storage.list("")) {
      const [, kind, name] = /^(blobs|made)\/(\d+)$/.exec(key) ?? [];
      if (kind === "blobs") blobs.add(Number(name));
      else if (kind === "made") await checkMade(key, Number(name));
      else expect(key).toBe("state");
    }
    const newest = Math.max(number, last("blob"));
    for (let blob = 1; blob <= newest; blob += 1) expect(blobs).toContain(blob);
    for (const blob of blobs) {
      if (blob <= checked) continue;
      const whole = await bytesOf(blobOf(blob));
      expect((await bytesOf(storage.readBlob(`blobs/${blob}`))).equals(whole)).toBe(true);
      checked = blob;
    }
  };
}

async function bytesOf(data: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of data) parts.push(chunk);
  return Buffer.concat(parts);
}
