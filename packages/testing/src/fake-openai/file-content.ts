import type { Reply } from "../fake-http/reply.js";
import type { StoredFile } from "./files.js";
import { errorReply } from "./reply.js";

/**
 * The bytes of a file, or the one range of them that was asked for (RFC 9110, section 14). Several
 * ranges, other units and ranges that make no sense are ignored, as the standard allows.
 */
export function contentReply({ path, bytes }: StoredFile, range: string | undefined): Reply {
  const headers = { "content-type": "application/octet-stream", "accept-ranges": "bytes" };
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  const [, first = "", last = ""] = asked ?? [];
  const start = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? bytes : Math.min(Number(last) + 1, bytes);
  if (first + last === "" || (first !== "" && last !== "" && Number(last) < Number(first))) {
    return { status: 200, headers, body: { path, start: 0, end: bytes } };
  }
  if (start >= bytes) {
    const refused = errorReply(416, "The requested range is not satisfiable.");
    return { ...refused, headers: { ...refused.headers, "content-range": `bytes */${bytes}` } };
  }
  const contentRange = `bytes ${start}-${end - 1}/${bytes}`;
  return {
    status: 206,
    headers: { ...headers, "content-range": contentRange },
    body: { path, start, end },
  };
}
