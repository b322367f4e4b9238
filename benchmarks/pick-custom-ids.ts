import { customIdAt } from "./make-chat-file.js";
import { seededRandom } from "./seeded-random.js";

/** So many ids of a chat file's requests, all different, from anywhere in it; the same in every run. */
export function pickCustomIds(count: number, requests: number): ReadonlySet<string> {
  const random = seededRandom(7);
  const picked = new Set<string>();
  while (picked.size < Math.min(count, requests)) {
    picked.add(customIdAt(Math.floor(random() * requests)));
  }
  return picked;
}
