import { openAsBlob } from "node:fs";
import { shardKey } from "../batch/records.js";
import { mapLines } from "../jsonl/map-lines.js";
import { topLevelValue } from "../jsonl/top-level-value.js";
import { temporaryFile } from "../temporary-file.js";
import type { EngineContext, Shard } from "./context.js";

/** A shard's input as it is sent. */
export interface OpenedInput {
  readonly data: Blob;
  close(): Promise<void>;
}

/**
 * Opens what is sent for a shard: the stored lines themselves where the storage has them in a local
 * file and every url is written out, else a temporary copy.
 */
export async function openInput(
  { id, storage, endpoint }: EngineContext,
  shard: Shard,
): Promise<OpenedInput> {
  const key = shardKey(id, shard.round, shard.shard, "input");
  if (shard.shortUrls === 0 && storage.openBlob) {
    return { data: await storage.openBlob(key), async close() {} };
  }
  const file = await temporaryFile();
  try {
    const lines = mapLines(storage.readBlob(key), (line) => withFullUrl(line, endpoint.url));
    for await (const block of lines) await file.write(block);
    return { data: await openAsBlob(file.path), close: () => file.remove() };
  } catch (error) {
    await file.remove();
    throw error;
  }
}

/** The line with the endpoint's full url in place of its own; the rest stays byte for byte. */
function withFullUrl(line: Buffer, url: string): Buffer {
  const range = topLevelValue(line, "url");
  if (!range) {
    // Written with escapes: rare enough to write the whole line anew.
    return Buffer.from(JSON.stringify({ ...JSON.parse(line.toString("utf8")), url }));
  }
  return Buffer.concat([
    line.subarray(0, range.start),
    Buffer.from(JSON.stringify(url)),
    line.subarray(range.end),
  ]);
}
