import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LangBatchError, type Storage } from "@langbatch/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fileError } from "../src/file-error.js";
import { fileStorage } from "../src/index.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "langbatch-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

const value: Uint8Array = Buffer.from("a value");

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function create(storage: Storage, key: string): Promise<string> {
  return (await storage.writeRecord(key, value, { expected: null })).revision;
}

/** Every path below the directory, sorted. */
async function tree(path = directory): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

async function makeOld(path: string): Promise<void> {
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  await utimes(path, longAgo, longAgo);
}

async function failure(work: Promise<unknown>): Promise<LangBatchError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (LangBatchError.is(error)) return error;
  throw error ?? new Error("It did not fail.");
}

describe("the directory", () => {
  it("is LANGBATCH_HOME as it is when the storage is made, and is created by the first write", async () => {
    const home = join(directory, "home");
    vi.stubEnv("LANGBATCH_HOME", home);
    const storage = fileStorage();
    vi.stubEnv("LANGBATCH_HOME", join(directory, "another"));
    expect(await storage.readRecord("key")).toBeUndefined();
    await storage.remove("key");
    expect(await tree()).toEqual([]);
    await create(storage, "key");
    expect(await readdir(directory)).toEqual(["home"]);
  });

  it("shows a person what is where", async () => {
    const storage = fileStorage(directory);
    const first = await create(storage, "jobs/a/0");
    const second = await storage.writeRecord("jobs/a/0", value, { expected: first });
    await storage.writeBlob("jobs/a/0/input", once(value));
    await storage.append?.("jobs/a/log", value);
    expect(await tree()).toEqual([
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
    expect(await tree()).toEqual([]);
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
    for (const path of await tree()) {
      const stats = await stat(join(directory, path));
      expect((stats.mode & 0o777).toString(8), path).toBe(stats.isDirectory() ? "700" : "600");
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
    expect(await tree()).toEqual(["a", "a/.DS_Store", "a/my file.blob", "a/notes.txt"]);
  });

  it("is all that a key can reach", async () => {
    await writeFile(join(directory, "outside.blob"), "secret");
    const storage = fileStorage(join(directory, "root"));
    for (const key of ["../outside", "a/../../outside", "..", "/outside"]) {
      const reading = storage.readBlob(key)[Symbol.asyncIterator]().next();
      expect((await failure(reading)).code).toBe("invalid_option");
      expect((await failure(storage.remove(key))).code).toBe("invalid_option");
    }
    expect(await tree()).toEqual(["outside.blob"]);
  });
});

describe("leftovers of dead processes", () => {
  it("are deleted before the first write beside them, but not where their writer may live", async () => {
    await mkdir(join(directory, "a/dead.1.tmp"), { recursive: true });
    await writeFile(join(directory, "a/dead.1.tmp/000001-0"), value);
    await writeFile(join(directory, "a/dead.2.tmp"), value);
    await writeFile(join(directory, "a/live.3.tmp"), value);
    for (const name of ["a/dead.1.tmp", "a/dead.2.tmp"]) await makeOld(join(directory, name));
    const revision = await create(fileStorage(directory), "a/key");
    expect(await tree()).toEqual(["a", "a/key.record", `a/key.record/${revision}`, "a/live.3.tmp"]);
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
    expect(await tree()).toEqual([]);
  });
});

describe("an error of the disk", () => {
  it("says so where the directory is a file", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const storage = fileStorage(file);
    for (const work of [
      () => storage.readRecord("a/key"),
      () => storage.writeRecord("a/key", value, { expected: null }),
      () => storage.writeBlob("a/key", once(value)),
      () => storage.readBlob("a/key")[Symbol.asyncIterator]().next(),
      () => storage.list("")[Symbol.asyncIterator]().next(),
      () => storage.remove("a/key"),
    ]) {
      const error = await failure(work());
      expect(error).toMatchObject({ code: "storage_failed", retryable: false });
      expect(error.message).toContain(file);
      expect(error.cause).toHaveProperty("code");
    }
  });

  it("says so where the path is too long", async () => {
    const storage = fileStorage(join(directory, "x".repeat(300)));
    const error = await failure(storage.writeRecord("key", value, { expected: null }));
    expect(error.code).toBe("storage_failed");
    expect(error.message).toContain("too long");
  });

  it("says so where the disk is full or read-only, and leaves nothing half done", async ({
    skip,
  }) => {
    const disk = join(directory, "disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "none", disk], { stdio: "ignore" });
    } catch {
      skip("this user may not mount a small disk");
    }
    try {
      const storage = fileStorage(join(disk, "root"));
      const expected = await create(storage, "key");
      const tooBig = randomBytes(400_000);
      for (const work of [
        () => storage.writeRecord("key", tooBig, { expected }),
        () => storage.writeRecord("new", tooBig, { expected: null }),
        () => storage.writeBlob("blob", once(tooBig)),
      ]) {
        const error = await failure(work());
        expect(error).toMatchObject({ code: "storage_failed", retryable: true });
        expect(error.message).toMatch(/is full\. Free space, or set LANGBATCH_HOME/);
      }
      expect(await tree(disk)).toEqual(["root", "root/key.record", `root/key.record/${expected}`]);
      await storage.writeBlob("blob", once(value));

      execFileSync("mount", ["-o", "remount,ro", disk]);
      const error = await failure(storage.writeRecord("key", value, { expected }));
      expect(error).toMatchObject({ code: "storage_failed", retryable: false });
      expect(error.message).toContain("read-only");
      expect(await storage.readRecord("key")).toEqual({
        value: Buffer.from(value),
        revision: expected,
      });
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("says so where a revision is listed and cannot be found", async () => {
    const storage = fileStorage(directory);
    const next = (await create(storage, "key")).replace("000001", "000002");
    await symlink("nowhere", join(directory, "key.record", next));
    expect((await failure(storage.readRecord("key"))).code).toBe("storage_failed");
  });

  it("follows no symlink that was planted under the name of a record", async () => {
    const outside = join(directory, "outside");
    await writeFile(outside, "untouched");
    const storage = fileStorage(join(directory, "root"));
    const first = await create(storage, "key");
    const next = first.replace("000001", "000002");
    await symlink(outside, join(directory, "root/key.record", next));
    await failure(storage.writeRecord("key", value, { expected: first }));
    expect(await readFile(outside, "utf8")).toBe("untouched");
  });

  it("is refused range by range where it is the caller's", async () => {
    const storage = fileStorage(directory);
    await storage.writeBlob("key", once(value));
    for (const range of [{ start: -1 }, { end: -1 }, { start: 0.5 }, { end: Number.NaN }]) {
      const reading = storage.readBlob("key", range)[Symbol.asyncIterator]().next();
      expect((await failure(reading)).code).toBe("invalid_option");
    }
  });

  const passing = ["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "EBUSY", "EAGAIN"];
  const lasting = ["EACCES", "EPERM", "EROFS", "EIO", "EFBIG", "ENAMETOOLONG", "ENOTDIR", "E2BIG"];
  for (const code of [...passing, ...lasting]) {
    it(`names the path and keeps the cause: ${code}`, () => {
      const cause = Object.assign(new Error(code), { code });
      const error = fileError(cause, "/state/jobs/1.record");
      expect(error).toMatchObject({
        code: "storage_failed",
        retryable: passing.includes(code),
        cause,
      });
      expect(error.message).toContain("/state/jobs/1.record");
      expect(error.message).toMatch(/\.$/);
    });
  }
});

it("leaves the root as it found it", async () => {
  const root = join(directory, "root");
  await mkdir(root, { mode: 0o755 });
  await create(fileStorage(root), "key");
  expect(((await stat(root)).mode & 0o777).toString(8)).toBe("755");
});
