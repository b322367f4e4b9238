import type { Storage } from "@langbatch/core";

export async function readText(storage: Storage, key: string): Promise<string | undefined> {
  const record = await storage.readRecord(key);
  return record && Buffer.from(record.value).toString();
}

export async function readAll(
  storage: Storage,
  key: string,
  range?: { readonly start?: number; readonly end?: number },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of storage.readBlob(key, range)) parts.push(chunk);
  return Buffer.concat(parts);
}

export async function keysOf(storage: Storage, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of storage.list(prefix)) found.push(key);
  return found.sort();
}
