import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Patch } from "./mutant.js";

const core = fileURLToPath(new URL("../../", import.meta.url));

/** Core's source and its simulation in a folder of their own. */
export interface PatchedCopy {
  /** The folder that stands for `packages/core`. */
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Copies core to a temporary folder, and breaks it there.
 *
 * @throws `Error` where a patch does not fit exactly once: the source has changed under it.
 */
export async function patchedCopy(patches: readonly Patch[]): Promise<PatchedCopy> {
  const path = await mkdtemp(join(tmpdir(), "langbatch-mutant-"));
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    for (const folder of ["src", "test/simulation"]) {
      await cp(join(core, folder), join(path, folder), { recursive: true });
    }
    await writeFile(join(path, "package.json"), '{ "type": "module" }');
    for (const patch of patches) await apply(path, patch);
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function apply(path: string, { file, find, replacement }: Patch): Promise<void> {
  const source = join(path, "src", file);
  const text = await readFile(source, "utf8");
  const parts = text.split(find);
  if (parts.length !== 2) {
    const times = parts.length - 1;
    throw new Error(`The text of a patch must occur once in ${file}, not ${times} times:\n${find}`);
  }
  await writeFile(source, parts.join(replacement));
}
