import { randomBytes } from "node:crypto";

const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/*
 * Random and not seeded: two servers in one test must never name two things alike, or a client that
 * asks the wrong one would be answered.
 */

/** A batch id in Anthropic's shape: `msgbatch_01` and 22 letters and digits. */
export function newBatchId(): string {
  return `msgbatch_01${drawn(22)}`;
}

/** The value of a `request-id` header. */
export function newRequestId(): string {
  return `req_011C${drawn(20)}`;
}

function drawn(length: number): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
}
