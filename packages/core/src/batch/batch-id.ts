import { createHash } from "node:crypto";

const keyLetters = 16;
const triesOfAKey = 8;
const randomLetters = 20;

/** The id of a batch without a key. `random` is 20 letters and digits. */
export function newBatchId(random: string): string {
  return `lb_${random}`;
}

/** The id of the batch that a key names: the same in every process. */
export function idOfKey(key: string): string {
  const hash = createHash("sha256").update(key).digest("hex");
  return `key_${BigInt(`0x${hash}`).toString(36).slice(0, keyLetters).padStart(keyLetters, "0")}`;
}

/**
 * What stands for the batch in the tags of its jobs: its id can be read from it, so that the state can
 * be rebuilt from the provider alone. A key's is different each time a batch is made under it: jobs
 * of one that was deleted must not be taken for those of the next.
 */
export function nonceOf(id: string, random: string): string {
  const letters = id.slice(id.indexOf("_") + 1);
  return id.startsWith("key_") ? letters + random.slice(-triesOfAKey) : letters;
}

/** The id of the batch that a nonce stands for, or `undefined` where it is none of ours. */
export function idOfNonce(nonce: string): string | undefined {
  if (nonce.length === randomLetters) return newBatchId(nonce);
  if (nonce.length === keyLetters + triesOfAKey) return `key_${nonce.slice(0, keyLetters)}`;
  return undefined;
}
