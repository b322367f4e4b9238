import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileStorage } from "../src/index.js";
import { create, value } from "./support/first-writes.js";
import { pathsBelow } from "./support/paths-below.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "langbatch-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function makeOld(path: string): Promise<void> {
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  await utimes(path, longAgo, longAgo);
}

describe("leftovers of dead processes", () => {
  it("are deleted before the first write beside them, but not where their writer may live", async () => {
    await mkdir(join(directory, "a/dead.1.tmp"), { recursive: true });
    await writeFile(join(directory, "a/dead.1.tmp/000001-0"), value);
    await writeFile(join(directory, "a/dead.2.tmp"), value);
    await writeFile(join(directory, "a/live.3.tmp"), value);
    for (const name of ["a/dead.1.tmp", "a/dead.2.tmp"]) await makeOld(join(directory, name));
    const revision = await create(fileStorage(directory), "a/key");
    expect(await pathsBelow(directory)).toEqual([
      "a",
      "a/key.record",
      `a/key.record/${revision}`,
      "a/live.3.tmp",
    ]);
  });

  it("are deleted from a record before it is written", async () => {
    const storage = fileStorage(directory);
    const expected = await create(storage, "key");
    const [dead, live] = [join(directory, "key.record/1.tmp"), join(directory, "key.record/2.tmp")];
    for (const path of [dead, live]) await writeFile(path, value);
    await makeOld(dead);
    const { revision } = await storage.writeRecord("key", value, { expected });
    expect((await readdir(join(directory, "key.record"))).sort()).toEqual([
      expected,
      revision,
      "2.tmp",
    ]);
  });

  it("do not come back where a process died while it removed a record", async () => {
    const dying = join(directory, "a/key.1.removed");
    await mkdir(dying, { recursive: true });
    await writeFile(join(dying, "000001-0123456789abcdef"), value);
    const storage = fileStorage(directory);
    for await (const key of storage.list("")) expect.fail(`${key} is listed`);
    expect(await storage.readRecord("a/key")).toBeUndefined();
    await storage.remove("a/another");
    expect(await pathsBelow(directory)).toEqual([]);
  });
});
