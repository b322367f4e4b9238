import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fileStorage } from "../src/index.js";
import { failure } from "./support/failure.js";
import { create, once, value } from "./support/first-writes.js";
import { pathsBelow } from "./support/paths-below.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "langbatch-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

describe("the directory", () => {
  it("is LANGBATCH_HOME as it is when the storage is made, and is created by the first write", async () => {
    const home = join(directory, "home");
    vi.stubEnv("LANGBATCH_HOME", home);
    const storage = fileStorage();
    vi.stubEnv("LANGBATCH_HOME", join(directory, "another"));
    expect(await storage.readRecord("key")).toBeUndefined();
    await storage.remove("key");
    expect(await pathsBelow(directory)).toEqual([]);
    await create(storage, "key");
    expect(await readdir(directory)).toEqual(["home"]);
  });

  it("shows a person what is where", async () => {
    const storage = fileStorage(directory);
    const first = await create(storage, "jobs/a/0");
    const second = await storage.writeRecord("jobs/a/0", value, { expected: first });
    await storage.writeBlob("jobs/a/0/input", once(value));
    await storage.append?.("jobs/a/log", value);
    expect(await pathsBelow(directory)).toEqual([
      "jobs",
      "jobs/a",
      "jobs/a/0",
      "jobs/a/0.record",
      `jobs/a/0.record/${first}`,
      `jobs/a/0.record/${second.revision}`,
      "jobs/a/0/input.blob",
      "jobs/a/log.blob",
    ]);
    expect(first).toMatch(/^000001-/);
    expect(second.revision).toBe(first.replace("000001", "000002"));
  });

  it("is empty again when everything is removed", async () => {
    const storage = fileStorage(directory);
    const keys = ["a", "a/b/c", "a/b/d", "e/f"];
    for (const key of keys) {
      const expected = await create(storage, key);
      await storage.writeRecord(key, value, { expected });
      await storage.writeBlob(key, once(value));
    }
    for (const key of keys) await storage.remove(key);
    expect(await pathsBelow(directory)).toEqual([]);
  });

  it("is readable for nobody else, whatever the umask", async () => {
    const umask = process.umask(0);
    try {
      const storage = fileStorage(join(directory, "x/root"));
      await storage.writeRecord("a/b/c", value, { expected: await create(storage, "a/b/c") });
      await storage.writeBlob("a/b/blob", once(value));
      await storage.append?.("a/b/journal", value);
    } finally {
      process.umask(umask);
    }
    for (const path of await pathsBelow(directory)) {
      const stats = await stat(join(directory, path));
      expect((stats.mode & 0o777).toString(8), path).toBe(stats.isDirectory() ? "700" : "600");
    }
  });

  it("gets a journal anew that another process has removed, with its folder", async () => {
    const [one, other] = [fileStorage(directory), fileStorage(directory)];
    for (const text of ["first", "second"]) {
      await one.append?.("a/b/journal", Buffer.from(text));
      const read: Uint8Array[] = [];
      for await (const chunk of other.readBlob("a/b/journal")) read.push(chunk);
      expect(Buffer.concat(read).toString()).toBe(text);
      await other.remove("a/b/journal");
      expect(await pathsBelow(directory)).toEqual([]);
    }
  });

  it("may hold files of others, which are neither listed nor touched", async () => {
    const storage = fileStorage(directory);
    await create(storage, "a/key");
    for (const name of ["a/.DS_Store", "a/my file.blob", "a/notes.txt", "a/key.record/copy"]) {
      await writeFile(join(directory, name), "");
    }
    const keys: string[] = [];
    for await (const key of storage.list("")) keys.push(key);
    expect(keys).toEqual(["a/key"]);
    expect((await storage.readRecord("a/key"))?.value).toEqual(value);
    await storage.remove("a/key");
    expect(await pathsBelow(directory)).toEqual([
      "a",
      "a/.DS_Store",
      "a/my file.blob",
      "a/notes.txt",
    ]);
  });

  it("is all that a key can reach", async () => {
    await writeFile(join(directory, "outside.blob"), "secret");
    const storage = fileStorage(join(directory, "root"));
    for (const key of ["../outside", "a/../../outside", "..", "/outside"]) {
      const reading = storage.readBlob(key)[Symbol.asyncIterator]().next();
      expect((await failure(reading)).code).toBe("invalid_option");
      expect((await failure(storage.remove(key))).code).toBe("invalid_option");
    }
    expect(await pathsBelow(directory)).toEqual(["outside.blob"]);
  });
});

it("leaves the root as it found it", async () => {
  const root = join(directory, "root");
  await mkdir(root, { mode: 0o755 });
  await create(fileStorage(root), "key");
  expect(((await stat(root)).mode & 0o777).toString(8)).toBe("755");
});
