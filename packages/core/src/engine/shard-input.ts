import { openAsBlob } from "node:fs";
import { shardKey } from "../batch/records.js";
import { lineBlock } from "../jsonl/line-block.js";
import { readLines } from "../jsonl/read-lines.js";
import { withUrl } from "../jsonl/with-field.js";
import { wireRequest } from "../plan/encode-line.js";
import type { ShardInput } from "../provider/provider.js";
import type { RequestLine, WireFormat } from "../provider/wire.js";
import { derivesIds, wireIdOf } from "../provider/wire-id.js";
import { temporaryFile } from "../temporary-file.js";
import type { EngineContext, Shard } from "./context.js";
import { type WireTraits, wireTraitsOf } from "./wire-traits.js";

/** A shard's input as it is sent. */
export interface OpenedInput {
  readonly data: Blob;
  close(): Promise<void>;
}

/** The input of the job with this tag. */
export function shardInput(
  tag: string,
  { requests, model }: Shard,
  { data }: Pick<OpenedInput, "data">,
): ShardInput {
  return { tag, name: `${tag}.jsonl`, requests, model, data };
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
  const traits = await wireTraitsOf(engine, shard, { endpoint: engine.endpoint.url });
  const sent = traits ? encoding(engine, shard, traits) : withFullUrl(engine);
  const file = await temporaryFile();
  try {
    for await (const block of written(storage.readBlob(key), shard.requests, sent)) {
      await file.write(block);
    }
    return { data: await openAsBlob(file.path), close: () => file.remove() };
  } catch (error) {
    await file.remove();
    throw error;
  }
}

/** How lines become what is sent. */
interface Encoding {
  readonly frame?: WireFormat["frame"];
  toSent(line: Buffer, position: number): Uint8Array | string;
}

function withFullUrl({ endpoint }: EngineContext): Encoding {
  return { toSent: (line) => withUrl(line, endpoint.url) };
}

function encoding(
  { endpoint, nonce }: EngineContext,
  { round, firstOrdinal }: Shard,
  traits: WireTraits,
): Encoding {
  const { wire } = traits;
  const areIdsDerived = derivesIds(traits);
  return {
    ...(wire.frame && { frame: wire.frame }),
    toSent(line, position) {
      const request = JSON.parse(line.toString("utf8")) as RequestLine;
      const wireId = areIdsDerived
        ? wireIdOf({ nonce, round }, firstOrdinal + position)
        : request.custom_id;
      const asked = wireRequest(line, request, endpoint.url, wireId);
      return wire.encode(asked) ?? asked.line;
    },
  };
}

/** What is sent, in blocks, each valid until the next one is asked for. */
async function* written(
  input: AsyncIterable<Uint8Array>,
  requests: number,
  { frame = ["", "\n", "\n"], toSent }: Encoding,
): AsyncGenerator<Uint8Array> {
  const [head, separator, tail] = frame.map((text) => Buffer.from(text));
  const block = lineBlock();
  block.add(head ?? nothing, nothing);
  let position = 0;
  for await (const lines of readLines(input)) {
    for (const { bytes } of lines) {
      const isLast = position === requests - 1;
      block.add(toSent(bytes, position), isLast ? tail : separator);
      position += 1;
      if (block.isFull) yield block.take();
    }
  }
  yield block.take();
}

const nothing: Uint8Array = Buffer.alloc(0);
