import type { Readable } from "node:stream";
import type { File } from "@google-cloud/storage";
import { stallWatch } from "./stall-watch.js";

/** Bytes of an object on their way here. */
export interface Download {
  readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  /** What the service said of the object; `undefined` until its answer is there. */
  readonly head: DownloadHead | undefined;
}

/** Cloud Storage, "HTTP headers": of one answer, so that they belong to its bytes. */
interface DownloadHead {
  readonly generation: string;
  /** Of the whole object, in base64. */
  readonly crc32c: string | undefined;
  /** How many bytes the whole object has. */
  readonly size: number;
  /** The first byte after those that this answer brings. */
  readonly end: number;
}

/**
 * Asks for the bytes of an object from `start` up to but not including `end`; without both for the
 * whole. A reader who gives up lets the rest come and forgets it: the SDK would otherwise break every
 * connection of the client, also under the uploads of others (npm `@google-cloud/storage` 7.22.0,
 * `src/file.ts`, `createReadStream`, `agent.destroy()`). So ask for parts that are not too big.
 */
export function download(
  file: File,
  range?: { readonly start: number; readonly end: number },
): Download {
  const stream = withoutRetries(file).createReadStream({
    // Counted by the reader: the SDK checks no range, nor what is put together from several answers.
    validation: false,
    decompress: false,
    ...(range && { start: range.start }),
    ...(range && Number.isFinite(range.end) && { end: range.end - 1 }),
  });
  const stall = stallWatch();
  let head: DownloadHead | undefined;
  stream.once("response", (response: Readable & { readonly headers?: unknown }) => {
    head = readHead(response.headers);
    // Version 8 puts one listener too many on every answer, and Node warns of a leak that is none.
    response.setMaxListeners?.(20);
    stall.begin();
  });

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    const source = stream.iterator();
    let isOver = false;
    try {
      for (;;) {
        const next = await stall.within(source.next());
        if (next.done) break;
        yield next.value;
      }
      isOver = true;
    } finally {
      if (!isOver) stream.on("error", () => undefined).resume();
    }
  }

  return {
    chunks: chunks(),
    get head() {
      return head;
    },
  };
}

/**
 * The reader tries again by itself. From Node 24 on, the SDK's own retry of a download ends the whole
 * process: the answer that it has given up is piped into a stream that it has destroyed (npm
 * `retry-request` 7.0.2 and 9.1.0, `resetStreams`; npm `teeny-request` 9.0.0 and 11.1.1, where no
 * callback is given).
 */
function withoutRetries(file: File): File {
  const { requestStream } = file;
  file.requestStream = (options) =>
    requestStream.call(file, { ...options, maxRetries: 0 } as typeof options);
  return file;
}

function readHead(headers: unknown): DownloadHead {
  const header = (name: string): string => {
    if (headers instanceof Headers) return headers.get(name) ?? "";
    return String((Object(headers) as Record<string, unknown>)[name] ?? "");
  };
  const [, last, total] = /^bytes \d+-(\d+)\/(\d+)$/.exec(header("content-range")) ?? [];
  const size = Number(
    total ?? (header("x-goog-stored-content-length") || header("content-length")),
  );
  return {
    generation: header("x-goog-generation"),
    crc32c: /crc32c=([^,\s]+)/.exec(header("x-goog-hash"))?.[1],
    size,
    end: last === undefined ? size : Number(last) + 1,
  };
}
