import { readFile } from "node:fs/promises";
import type { ChatRequestLine } from "./ask.js";

/** All requests of a file at once, as it is mostly written by hand. */
export async function readAllRequests(path: string): Promise<readonly ChatRequestLine[]> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as ChatRequestLine);
}
