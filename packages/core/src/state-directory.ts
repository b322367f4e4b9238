import { resolve } from "node:path";

/**
 * Where LangBatch keeps files on this machine unless told otherwise: `LANGBATCH_HOME`, else
 * `.langbatch` in the working directory. Read at each call; nothing is created.
 */
export function stateDirectory(): string {
  return resolve(process.env.LANGBATCH_HOME || ".langbatch");
}
