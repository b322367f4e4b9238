import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Storage } from "@langbatch/core";
import { onTestFinished } from "vitest";

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "langbatch-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A file with this content. */
export async function inputFile(content: string | Uint8Array): Promise<string> {
  const path = join(await folder(), "input.jsonl");
  await writeFile(path, content);
  return path;
}

/** A JSONL file of these lines. */
export function linesFile(lines: readonly object[]): Promise<string> {
  return inputFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Every key of a storage, sorted. */
export async function keysOf(storage: Storage, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys.sort();
}
