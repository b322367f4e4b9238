import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { anthropic } from "@langbatch/anthropic";
import type { RequestLine } from "@langbatch/core";

/** Writes the body of a create for a file of chat requests, as core does. */
export async function writeDocument(from: string, to: string): Promise<void> {
  const { wire } = await anthropic().traits({ endpoint: "/v1/chat/completions" });
  if (!wire?.frame) throw new Error("The provider has no frame.");
  const [head, separator, tail] = wire.frame;
  const file = await open(to, "w");
  try {
    await file.write(head);
    let ordinal = 0;
    for await (const line of linesOf(from)) {
      const request = JSON.parse(line.toString("utf8")) as RequestLine;
      const wireId = `benchmarkR0N${ordinal.toString(36)}`;
      const encoded = wire.encode({ request, wireId, line });
      if (ordinal > 0) await file.write(separator);
      if (encoded !== undefined) await file.write(Buffer.from(encoded));
      ordinal += 1;
    }
    await file.write(tail);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}
