import type { ChatRequestLine } from "./ask.js";
import { parsedLines } from "./parsed-lines.js";

/**
 * Asks all of a file, so many at a time: each of as many workers takes the next line once it is done
 * with the one before. Nobody reads further than that.
 *
 * @returns how many were asked.
 */
export async function askAll(
  path: string,
  concurrency: number,
  ask: (line: ChatRequestLine) => Promise<void>,
): Promise<number> {
  const lines = parsedLines<ChatRequestLine>(path);
  let asked = 0;
  const workers = Array.from({ length: concurrency }, async () => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      await ask(next.value);
      asked += 1;
    }
  });
  await Promise.all(workers);
  return asked;
}
