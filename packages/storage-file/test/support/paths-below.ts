import { readdir } from "node:fs/promises";

/** Every path below the directory, sorted. */
export async function pathsBelow(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).sort();
}
