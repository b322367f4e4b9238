import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileError } from "../src/file-error.js";
import { fileStorage } from "../src/index.js";
import { failure } from "./support/failure.js";
import { create, once, value } from "./support/first-writes.js";
import { pathsBelow } from "./support/paths-below.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "langbatch-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
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
      expect(await pathsBelow(disk)).toEqual([
        "root",
        "root/key.record",
        `root/key.record/${expected}`,
      ]);
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
