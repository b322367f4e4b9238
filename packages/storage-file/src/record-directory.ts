import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LangBatchError } from "@langbatch/core";
import type { Directories } from "./directories.js";
import { finishDurably, openNew, publish, syncDirectory, writeAll } from "./durable-file.js";
import { hasCode } from "./file-error.js";
import { besides, removed, temporary } from "./layout.js";
import { erase, sweep } from "./sweep.js";

// A record is a directory with one file per revision, `000003-<birth>`, and the highest wins. `birth`
// is random and the same for all revisions from creation to removal. Why no update is ever lost:
//
// - A revision gets its name by link(), which fails where the name is taken, and no name is ever
//   freed while the record exists. So of all who follow revision 3, only one ever gets name 4,
//   however long ago they compared.
// - A record is created by renaming a finished directory to its name, which fails where a directory
//   with anything in it is there. It therefore always holds revision 1, and only one creator wins.
// - It is removed by renaming it away, all revisions at once, to a name that never comes back, and
//   then deleted. Creating it again takes a new birth, so no earlier revision is ever current again.
// - A writer may compare with one record and, after somebody removed and created it, link into the
//   next one under the same path. The name it takes there carries the old birth. Readers follow the
//   birth of revision 1, so they never see it; the writer looks once more, takes it back, and
//   reports the conflict.
// - Whoever dies leaves a temporary file or directory, or one on its way out: no reader looks at
//   either. See `sweep`.
const pattern = /^(\d{6,})-([0-9a-f]{16})$/;

/** The newest value of the record in directory `path`, with the file name as its revision. */
export async function readNewest(
  path: string,
): Promise<{ value: Uint8Array; revision: string } | undefined> {
  for (let missing: string | undefined; ; ) {
    const revision = newest(await namesIn(path));
    if (revision === undefined) return undefined;
    try {
      return { value: await readFile(join(path, revision)), revision };
    } catch (error) {
      // The record was removed between the two calls, and perhaps created again.
      if (!hasCode(error, "ENOENT") || revision === missing) throw error;
      missing = revision;
    }
  }
}

/** Creates the record as directory `path`. */
export async function createRecord(
  path: string,
  value: Uint8Array,
  directories: Directories,
): Promise<{ revision: string }> {
  if (newest(await namesIn(path)) !== undefined) throw conflict(path);
  const revision = `000001-${randomBytes(8).toString("hex")}`;
  const unborn = besides(path, temporary);
  await directories.within(dirname(path), () => mkdir(unborn, { mode: 0o700 }));
  try {
    await writeRevision(unborn, revision, value);
    await rename(unborn, path);
  } catch (error) {
    await erase(unborn).catch(() => undefined);
    // Windows has other names for a directory that is in the way.
    const taken = hasCode(error, "ENOTEMPTY", "EEXIST") || newest(await namesIn(path));
    throw taken ? conflict(path) : error;
  }
  await syncDirectory(dirname(path));
  return { revision };
}

/** Adds the revision after `expected` to the record in directory `path`. */
export async function updateRecord(
  path: string,
  value: Uint8Array,
  expected: string,
): Promise<{ revision: string }> {
  const names = await namesIn(path);
  const [, number, birth] = pattern.exec(expected) ?? [];
  if (birth === undefined || newest(names) !== expected) throw conflict(path);
  await sweep(path, names);

  const revision = `${String(Number(number) + 1).padStart(6, "0")}-${birth}`;
  try {
    if (!(await writeRevision(path, revision, value))) throw conflict(path);
  } catch (error) {
    // The record was removed, and the temporary file with it.
    throw hasCode(error, "ENOENT") ? conflict(path) : error;
  }

  const after = await namesIn(path);
  if (!after.includes(revision)) {
    throw new LangBatchError(
      "storage_failed",
      `The record in ${path} was removed while it was written. Read it to see what is there now.`,
    );
  }
  if (birthOf(after) !== birth) {
    await rm(join(path, revision), { force: true });
    throw conflict(path);
  }
  return { revision };
}

/** Removes the record in directory `path`. */
export async function removeRecord(path: string): Promise<void> {
  const nameless = besides(path, removed);
  try {
    await rename(path, nameless);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  await syncDirectory(dirname(path));
  await erase(nameless);
}

/** Whether it won the name `revision`. */
async function writeRevision(
  directory: string,
  revision: string,
  value: Uint8Array,
): Promise<boolean> {
  const file = join(directory, `${randomBytes(8).toString("hex")}${temporary}`);
  const handle = await openNew(file);
  await finishDurably(file, handle, async () => {
    await writeAll(handle, value);
    return value.length;
  });
  const won = await publish(file, join(directory, revision));
  if (won) await syncDirectory(directory);
  return won;
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

function birthOf(names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith("000001-"))?.slice(7);
}

function newest(names: readonly string[]): string | undefined {
  const birth = birthOf(names);
  if (birth === undefined) return undefined;
  let highest = 0;
  let revision: string | undefined;
  for (const name of names) {
    if (!name.endsWith(birth)) continue;
    const number = Number(name.slice(0, -birth.length - 1));
    if (!(number > highest)) continue;
    highest = number;
    revision = name;
  }
  return revision;
}

function conflict(path: string): LangBatchError {
  return new LangBatchError("storage_conflict", `Somebody else wrote the record in ${path} first.`);
}
