import type { FileHandle } from "node:fs/promises";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Storage } from "@langbatch/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fileStorage } from "../src/index.js";
import { failure } from "./support/failure.js";
import { create, once, value } from "./support/first-writes.js";

type Link = (from: string, to: string) => Promise<void>;

// What no real disk does on demand: the calls pass through unless a test sets one of these.
const faults = vi.hoisted(() => ({
  link: undefined as ((real: Link, from: string, to: string) => Promise<void>) | undefined,
  opened: undefined as ((file: FileHandle, path: string) => void) | undefined,
}));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    async link(from: string, to: string) {
      await (faults.link ? faults.link(real.link as Link, from, to) : real.link(from, to));
    },
    async open(path: string, flags: string, mode?: number) {
      const file = await real.open(path, flags, mode);
      faults.opened?.(file, path);
      return file;
    },
  };
});

let directory: string;
let storage: Storage;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "langbatch-"));
  storage = fileStorage(directory);
});

afterEach(async () => {
  faults.link = undefined;
  faults.opened = undefined;
  await rm(directory, { recursive: true });
});

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

describe("a file system without hard links", () => {
  for (const code of ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV"]) {
    it(`is refused at the first write of either kind: ${code}`, async () => {
      faults.link = async () => {
        throw systemError(code);
      };
      for (const work of [
        () => storage.writeRecord("a/key", value, { expected: null }),
        () => storage.writeBlob("a/key", once(value)),
      ]) {
        const error = await failure(work());
        expect(error).toMatchObject({ code: "storage_unsupported", retryable: false });
        expect(error.message).toContain(directory);
        expect(error.message).toContain("local disk");
      }
      expect(await readdir(directory, { recursive: true })).toEqual(["a"]);
    });
  }
});

describe("a disk that fails at fsync", () => {
  it("loses the temporary file, is not asked twice, and leaves the key as it was", async () => {
    const expected = await create(storage, "key");
    let syncs = 0;
    faults.opened = (file, path) => {
      if (!path.endsWith(".tmp")) return;
      file.sync = async () => {
        syncs += 1;
        throw systemError("EIO");
      };
    };
    const works = [
      () => storage.writeRecord("key", value, { expected }),
      () => storage.writeRecord("new", value, { expected: null }),
      () => storage.writeBlob("blob", once(value)),
    ];
    for (const work of works) {
      expect(await failure(work())).toMatchObject({ code: "storage_failed", retryable: false });
    }
    expect(syncs).toBe(works.length);
    expect(await readdir(directory, { recursive: true })).toEqual([
      "key.record",
      `key.record/${expected}`,
    ]);
  });

  it("is reported where it cannot keep the name", async () => {
    faults.opened = (file, path) => {
      if (path !== directory) return;
      file.sync = async () => {
        throw systemError("EIO");
      };
    };
    expect((await failure(create(storage, "key"))).code).toBe("storage_failed");
  });
});

it("refuses a file that the disk kept only a part of", async () => {
  faults.opened = (file, path) => {
    if (!path.endsWith(".tmp")) return;
    const write = file.write.bind(file);
    file.write = (async (bytes: Uint8Array) => {
      await write(bytes.subarray(1));
      return { bytesWritten: bytes.length, buffer: bytes };
    }) as typeof file.write;
  };
  const error = await failure(storage.writeBlob("blob", once(value)));
  expect(error).toMatchObject({ code: "storage_failed", retryable: true });
  expect(await readdir(directory)).toEqual([]);
});

it("writes all where the disk takes a part at a time", async () => {
  faults.opened = (file) => {
    const write = file.write.bind(file);
    file.write = ((bytes: Uint8Array) => write(bytes.subarray(0, 3))) as typeof file.write;
  };
  await create(storage, "key");
  expect((await storage.readRecord("key"))?.value).toEqual(value);
});

describe("a record that is removed while it is written", () => {
  it("keeps its next life free of the old one, also where the link lands in it", async () => {
    const expected = await create(storage, "key");
    const path = join(directory, "key.record");
    let next = "";
    faults.link = async (link, from, to) => {
      faults.link = undefined;
      // The system has looked up the temporary file, and not yet the directory it goes to.
      const away = `${path}.away`;
      await rename(dirname(from), away);
      next = await create(storage, "key");
      await link(join(away, basename(from)), to);
    };
    const stale = storage.writeRecord("key", Buffer.from("stale"), { expected });
    // A handle of its own, as writes through one handle wait for each other.
    const first = storage;
    storage = fileStorage(directory);
    expect((await failure(stale)).code).toBe("storage_conflict");
    expect(await first.readRecord("key")).toEqual({ value, revision: next });
    expect(await readdir(path)).toEqual([next]);
  });

  it("is a conflict where the removal came first", async () => {
    const expected = await create(storage, "key");
    faults.link = async (link, from, to) => {
      await storage.remove("key");
      await link(from, to);
    };
    const stale = storage.writeRecord("key", Buffer.from("stale"), { expected });
    expect((await failure(stale)).code).toBe("storage_conflict");
    expect(await readdir(directory)).toEqual([]);
  });

  it("is left open where the removal came after", async () => {
    const expected = await create(storage, "key");
    faults.link = async (link, from, to) => {
      await link(from, to);
      await storage.remove("key");
    };
    const written = storage.writeRecord("key", Buffer.from("new"), { expected });
    expect((await failure(written)).code).toBe("storage_failed");
    expect(await storage.readRecord("key")).toBeUndefined();
  });
});
