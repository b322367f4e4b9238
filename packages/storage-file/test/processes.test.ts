import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { describeStorageProcesses } from "@langbatch/testing";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { fileStorage } from "../src/index.js";
import { compileWorker } from "./support/compiled-worker.js";
import { scratchDirectory } from "./support/scratch-directory.js";

let compiled: string;
let worker: string;

beforeAll(async () => {
  compiled = await scratchDirectory();
  worker = await compileWorker(compiled);
}, 60_000);

afterAll(async () => {
  await rm(compiled, { recursive: true });
});

describeStorageProcesses("fileStorage", {
  async create() {
    const directory = await scratchDirectory();
    return {
      storage: fileStorage(directory),
      args: [directory],
      dispose: () => rm(directory, { recursive: true }),
    };
  },
  script: () => worker,
});

it.skipIf(process.platform === "win32")(
  "says so where a file would grow over the process's limit, and leaves nothing",
  { timeout: 60_000 },
  async () => {
    const directory = await scratchDirectory();
    onTestFinished(() => rm(directory, { recursive: true }));
    const limited = 'ulimit -f 1000; exec "$0" "$@"';
    const command = [process.execPath, worker, "tooBig", "", directory];
    const child = spawn("sh", ["-c", limited, ...command], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect(code).toBe(0);
    const lines = output.trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^storage_failed .*ulimit -f/);
    for await (const key of fileStorage(directory).list("")) expect.fail(`${key} is there`);
  },
);
