import { randomBytes } from "node:crypto";

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/*
 * Random and not seeded: two servers in one test must never name two things alike, or a client that
 * asks the wrong one would be answered.
 */

/** A file id in OpenAI's shape: `file-` and 22 letters and digits. */
export function newFileId(): string {
  const drawn = Array.from(randomBytes(22), (byte) => letters[byte % letters.length]);
  return `file-${drawn.join("")}`;
}

/** A batch id in OpenAI's shape: `batch_` and 32 hexadecimal digits. */
export function newBatchId(): string {
  return `batch_${randomBytes(16).toString("hex")}`;
}

/** The value of an `x-request-id` header. */
export function newRequestId(): string {
  return `req_${randomBytes(16).toString("hex")}`;
}
