import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { LangBatchError } from "../errors.js";
import { joinLines } from "../jsonl/line-block.js";
import { stateDirectory } from "../state-directory.js";
import type { ResultLines } from "./merge-rounds.js";

/** Where a batch's results file lies unless the user says otherwise. */
export function resultsPath(id: string): string {
  return join(stateDirectory(), "results", `${id}.jsonl`);
}

/**
 * Writes the lines to a file that appears as a whole or not at all, for this user only; a file that
 * was there is replaced. Missing folders are made.
 *
 * @returns the absolute path.
 * @throws `storage_failed`
 */
export async function writeResultsFile(path: string, lines: ResultLines): Promise<string> {
  const target = resolve(path);
  const partial = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const handle = await open(partial, "wx", 0o600);
    try {
      for await (const block of joinLines(lines)) await handle.writeFile(block);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, target);
    return target;
  } catch (cause) {
    await rm(partial, { force: true });
    if (LangBatchError.is(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LangBatchError(
      "storage_failed",
      `The results file ${target} could not be written: ${reason}. Choose another \`path\`, or free space.`,
      { cause },
    );
  }
}
