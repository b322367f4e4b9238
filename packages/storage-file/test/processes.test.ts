import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { Storage } from "@langbatch/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fileStorage } from "../src/index.js";
import { compileWorker } from "./support/compiled-worker.js";
import { scratchDirectory } from "./support/scratch-directory.js";
import { blobOf, countTo, stateOf } from "./support/worker-data.js";

// Each takes the start of a process: the random places are many over the runs, not in one of them.
const kills = 20;
const seed: number = Math.floor(Math.random() * 2 ** 31);
let compiled: string;
let worker: string;
let directory: string;
let storage: Storage;

beforeAll(async () => {
  compiled = await scratchDirectory();
  worker = await compileWorker(compiled);
}, 60_000);

afterAll(async () => {
  await rm(compiled, { recursive: true });
});

beforeEach(async () => {
  directory = await scratchDirectory();
  storage = fileStorage(directory);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  /** The whole lines it has reported so far. */
  lines(): string[];
  /** Resolves when it has reported this many lines. */
  reported(count: number): Promise<void>;
  /** Resolves when it has ended and all it reported has arrived. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  const lines = () => output.split("\n").slice(0, -1);
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => {
    if (errors !== "") throw new Error(errors);
    return { code, signal };
  });
  return {
    child,
    lines,
    ended,
    async reported(count) {
      while (lines().length < count) {
        await Promise.race([once(child.stdout, "data"), ended.then(endedEarly)]);
      }
    },
  };
}

function endedEarly(): never {
  throw new Error("A worker ended before it was killed.");
}

async function runAll(count: number, mode: string): Promise<string[]> {
  const running = Array.from({ length: count }, () =>
    start(process.execPath, [worker, mode, directory]),
  );
  const ends = await Promise.all(running.map(({ ended }) => ended));
  expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null })));
  return running.flatMap(({ lines }) => lines());
}

/** Whole numbers from 0 up to but not including `limit`; the same ones for the same seed. */
function randomNumbers(start: number): (limit: number) => number {
  let state = start;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

async function bytesOf(data: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of data) parts.push(chunk);
  return Buffer.concat(parts);
}

describe("several processes", { timeout: 120_000 }, () => {
  it("lose no update and create no record twice when 8 of them count together", async () => {
    const created = await runAll(8, "count");
    expect(new Set(created).size).toBe(countTo);
    expect(created).toHaveLength(countTo);
    const counter = Buffer.from((await storage.readRecord("counter"))?.value ?? []).toString();
    expect(counter).toBe(String(8 * countTo));
  });

  it("never both follow the same revision, also while they remove the record", async () => {
    const writes: { expected: string | null; revision: string }[] = (await runAll(4, "churn")).map(
      (line) => JSON.parse(line),
    );
    const followed = writes.flatMap(({ expected }) => expected ?? []);
    expect(writes.length).toBeGreaterThan(50);
    expect(new Set(followed).size).toBe(followed.length);
    expect(new Set(writes.map(({ revision }) => revision)).size).toBe(writes.length);
  });
});

describe("kill -9", { timeout: 120_000 }, () => {
  it(`tears nothing and takes back nothing that was acknowledged, ${kills} times (seed ${seed})`, async () => {
    const random = randomNumbers(seed);
    let acknowledged = 0;
    let checked = 0;
    for (let round = 0; round < kills; round += 1) {
      const { child, ended, lines, reported } = start(process.execPath, [
        worker,
        "write",
        directory,
      ]);
      await reported(1 + random(8));
      // Some way into the next step, wherever that is.
      for (let turns = random(300); turns > 0; turns -= 1) await new Promise(setImmediate);
      child.kill("SIGKILL");
      expect(await ended).toEqual({ code: null, signal: "SIGKILL" });

      const reports = lines().map((line) => line.split(" "));
      const last = (step: string) => Number(reports.findLast(([name]) => name === step)?.[1] ?? 0);
      acknowledged = Math.max(acknowledged, last("state"));
      const bytes = Buffer.from((await storage.readRecord("state"))?.value ?? []);
      const number: number = bytes.length === 0 ? 0 : JSON.parse(bytes.toString()).number;
      expect(number).toBeGreaterThanOrEqual(acknowledged);
      if (number > 0) expect(bytes.equals(stateOf(number))).toBe(true);

      const blobs = new Set<number>();
      for await (const key of storage.list("")) {
        const [, kind, name] = /^(blobs|made)\/(\d+)$/.exec(key) ?? [];
        if (kind === "blobs") blobs.add(Number(name));
        else if (kind === undefined) expect(key).toBe("state");
        else {
          const made = await storage.readRecord(key);
          expect(Buffer.from(made?.value ?? []).equals(stateOf(Number(name)))).toBe(true);
        }
      }
      const newest = Math.max(number, last("blob"));
      for (let blob = 1; blob <= newest; blob += 1) expect(blobs).toContain(blob);
      for (const blob of blobs) {
        if (blob <= checked) continue;
        const whole = await bytesOf(blobOf(blob));
        expect((await bytesOf(storage.readBlob(`blobs/${blob}`))).equals(whole)).toBe(true);
        checked = blob;
      }
    }
  });
});

it.skipIf(process.platform === "win32")(
  "says so where a file would grow over the process's limit, and leaves nothing",
  { timeout: 60_000 },
  async () => {
    const limited = 'ulimit -f 1000; exec "$0" "$@"';
    const { ended, lines } = start("sh", [
      "-c",
      limited,
      process.execPath,
      worker,
      "tooBig",
      directory,
    ]);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(lines()).toHaveLength(2);
    for (const line of lines()) expect(line).toMatch(/^storage_failed .*ulimit -f/);
    for await (const key of storage.list("")) expect.fail(`${key} is there`);
  },
);
