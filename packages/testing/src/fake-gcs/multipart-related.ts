import { Refusal } from "./google-error.js";
import type { Spool } from "./spool.js";

/** The longest head of a request that is still held in memory: everything before the object's bytes. */
const maxHeadBytes = 1_048_576;

/**
 * Reads a body of two parts, JSON and the object's bytes (RFC 2387; Cloud Storage, "Upload an object
 * using a multipart upload"). The bytes go to `spool` as they come.
 *
 * @returns the JSON part.
 * @throws Refusal where the body has another form.
 */
export async function readMultipart(
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
  spool: Spool,
): Promise<Buffer> {
  const boundary = /^multipart\/related\s*;.*boundary="?([^";\s]+)"?/i.exec(contentType ?? "")?.[1];
  if (boundary === undefined) {
    throw malformed("the content type is no multipart/related with a boundary");
  }
  const end = Buffer.from(`\r\n--${boundary}`);
  let json: Buffer | undefined;
  // What may still belong to the head, or later to the closing boundary.
  let held: Buffer = Buffer.alloc(0);

  for await (const chunk of body) {
    held = Buffer.concat([held, chunk]);
    if (json === undefined) {
      const head = splitHead(held, boundary);
      if (head === undefined) {
        if (held.length > maxHeadBytes) throw malformed("its first part does not end");
        continue;
      }
      json = Buffer.from(head.json);
      held = Buffer.from(head.rest);
    }
    // The object is the last part: only the very end can be the closing boundary.
    const sure = held.length - end.length - "--\r\n".length;
    if (sure <= 0) continue;
    await spool.write(held.subarray(0, sure));
    held = Buffer.from(held.subarray(sure));
  }
  const stop = held.lastIndexOf(end);
  if (json === undefined || stop === -1) throw malformed("it ends too early");
  await spool.write(held.subarray(0, stop));
  return json;
}

/** The JSON, and what follows the headers of the second part; `undefined` until all of it is there. */
function splitHead(
  held: Buffer,
  boundary: string,
): { readonly json: Buffer; readonly rest: Buffer } | undefined {
  const blank = "\r\n\r\n";
  const firstHead = held.indexOf(blank);
  if (firstHead === -1) return undefined;
  const jsonStart = firstHead + blank.length;
  const jsonEnd = held.indexOf(`\r\n--${boundary}`, jsonStart);
  if (jsonEnd === -1) return undefined;
  const secondHead = held.indexOf(blank, jsonEnd);
  if (secondHead === -1) return undefined;
  return {
    json: held.subarray(jsonStart, jsonEnd),
    rest: held.subarray(secondHead + blank.length),
  };
}

function malformed(why: string): Refusal {
  return new Refusal(400, `Malformed multipart body: ${why}.`, { reason: "badRequest" });
}
