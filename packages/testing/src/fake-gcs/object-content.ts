import type { Reply } from "../fake-http/reply.js";
import { textErrorReply } from "./google-error.js";
import { objectHeaders } from "./object-resource.js";
import type { StoredObject } from "./object-store.js";

/**
 * The bytes of an object, or the one range of them that was asked for (RFC 9110, section 14; Cloud
 * Storage JSON API, "Objects: get", `alt=media`). Several ranges and such that make no sense are
 * ignored, as the standard allows.
 */
export function contentReply(object: StoredObject, range: string | undefined): Reply {
  const { content, bytes } = object;
  const part = (from: number, to: number): Reply["body"] =>
    typeof content === "string"
      ? { path: content, start: from, end: to }
      : content.subarray(from, to);
  const headers = objectHeaders(object);
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  const start = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? bytes : Math.min(Number(last) + 1, bytes);
  if (first + last === "" || (first !== "" && last !== "" && Number(last) < Number(first))) {
    return { status: 200, headers, body: part(0, bytes) };
  }
  if (start >= bytes) {
    const refused = textErrorReply(416, "The requested range cannot be satisfied.");
    return { ...refused, headers: { ...refused.headers, "content-range": `bytes */${bytes}` } };
  }
  const contentRange = { "content-range": `bytes ${start}-${end - 1}/${bytes}` };
  return { status: 206, headers: { ...headers, ...contentRange }, body: part(start, end) };
}
