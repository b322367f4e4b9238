import { openAsBlob } from "node:fs";
import { shardKey } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import { mapLines } from "../jsonl/map-lines.js";
import { withUrl } from "../jsonl/with-url.js";
import { wireRequest } from "../plan/encode-line.js";
import type { RequestLine } from "../provider/wire.js";
import { temporaryFile } from "../temporary-file.js";
import type { EngineContext, Shard } from "./context.js";

/** A shard's input as it is sent. */
export interface OpenedInput {
  readonly data: Blob;
  close(): Promise<void>;
}

/**
 * Opens what is sent for a shard: the stored lines themselves where the storage has them in a local
 * file and all are sent as they are, else a temporary copy.
 *
 * @throws `version_unsupported` where lines were to be written in a wire format that the provider no
 * longer has.
 */
export async function openInput(engine: EngineContext, shard: Shard): Promise<OpenedInput> {
  const { id, storage } = engine;
  const key = shardKey(id, shard.round, shard.shard, "input");
  if (shard.shortUrls === 0 && !shard.encoded && storage.openBlob) {
    return { data: await storage.openBlob(key), async close() {} };
  }
  const toSent = shard.encoded ? await encoderOf(engine) : fullUrlOf(engine);
  const file = await temporaryFile();
  try {
    const lines = mapLines(storage.readBlob(key), toSent);
    for await (const block of lines) await file.write(block);
    return { data: await openAsBlob(file.path), close: () => file.remove() };
  } catch (error) {
    await file.remove();
    throw error;
  }
}

type ToSent = (line: Buffer) => Uint8Array;

function fullUrlOf({ endpoint }: EngineContext): ToSent {
  return (line) => withUrl(line, endpoint.url);
}

async function encoderOf({ provider, endpoint }: EngineContext): Promise<ToSent> {
  const { wire } = await provider.traits({ endpoint: endpoint.url });
  if (!wire) {
    throw new LangBatchError(
      "version_unsupported",
      `The provider ${provider.id} no longer writes requests as it did when this batch was planned. Use the version of its package that planned it.`,
      { provider: provider.id },
    );
  }
  return (line) => {
    const request = JSON.parse(line.toString("utf8")) as RequestLine;
    const asked = wireRequest(line, request, endpoint.url);
    return wire.encode(asked) ?? asked.line;
  };
}
