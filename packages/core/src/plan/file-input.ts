import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { LangBatchError } from "../errors.js";

/** Each is memory that stays until the garbage is collected: smaller ones keep the peak low. */
const chunkBytes = 262_144;

/** What a file starts with when it is something else than UTF-8 text. */
const alienStarts: readonly { readonly bytes: readonly number[]; readonly remedy: string }[] = [
  { bytes: [0x1f, 0x8b], remedy: "is compressed with gzip. Unpack it first." },
  { bytes: [0xff, 0xfe], remedy: "is UTF-16 text. Save it as UTF-8." },
  { bytes: [0xfe, 0xff], remedy: "is UTF-16 text. Save it as UTF-8." },
];

/**
 * The bytes of the user's file, which is only ever read.
 *
 * @throws `input_unreadable` where it is missing, no regular file, not ours to read, or no text.
 */
export async function* fileInput(path: string): AsyncGenerator<Uint8Array> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (stats.isDirectory()) {
    throw new LangBatchError("input_unreadable", `${path} is a directory. Pass a JSONL file.`);
  }
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  let isFirst = true;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (isFirst) refuseAlien(path, chunk);
      isFirst = false;
      yield chunk;
    }
  } catch (cause) {
    throw LangBatchError.is(cause) ? cause : unreadable(path, cause);
  }
}

function refuseAlien(path: string, chunk: Buffer): void {
  const alien = alienStarts.find(({ bytes }) => bytes.every((byte, at) => chunk[at] === byte));
  if (alien) throw new LangBatchError("input_unreadable", `${path} ${alien.remedy}`);
}

function unreadable(path: string, cause: unknown): LangBatchError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const reason =
    code === "ENOENT"
      ? "There is no such file."
      : code === "EACCES" || code === "EPERM"
        ? "This user may not read it."
        : `${cause instanceof Error ? cause.message : String(cause)}.`;
  return new LangBatchError("input_unreadable", `${path} cannot be read. ${reason}`, { cause });
}
