import type { Storage } from "@langbatch/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { afterKill } from "./after-kill.js";
import { runWorker } from "./running-worker.js";

/** A storage that several processes of this machine can reach. */
export interface SharedStorage {
  /** Empty, and shared with nobody else. */
  readonly storage: Storage;
  /** What follows the script's first two arguments, and says which storage a process opens. */
  readonly args: readonly string[];
  /** Called after the test: deletes what the storage kept. */
  dispose(): Promise<void>;
}

/** What {@link describeStorageProcesses} needs to know. */
export interface StorageProcessesOptions {
  /** Makes a fresh storage; called before each test. */
  create(): Promise<SharedStorage>;
  /**
   * The path of a script that opens the storage its arguments name and gives it to `runStorageWorker`
   * from `@langbatch/testing/storage-worker`; called before each test.
   */
  script(): string;
  /** How many processes count together. Default: 8. */
  readonly processes?: number;
  /** How often each of them counts. Default: 25. */
  readonly counts?: number;
  /** How often a process is killed. Default: 20. */
  readonly kills?: number;
  /**
   * Whether what a process has asked for may still happen after its end, as at a service. Default:
   * `false`.
   */
  readonly outlivesProcesses?: boolean;
}

/**
 * Declares the tests of a storage that only several real processes show: that none of their updates is
 * lost, and that a `kill -9` tears nothing and takes back nothing that was acknowledged.
 */
export function describeStorageProcesses(name: string, options: StorageProcessesOptions): void {
  const { processes = 8, counts = 25, kills = 20, outlivesProcesses = false } = options;
  const seed = Math.floor(Math.random() * 2 ** 31);

  describe(`${name}, several processes`, { timeout: 120_000 }, () => {
    let subject: SharedStorage;

    beforeEach(async () => {
      subject = await options.create();
    });

    afterEach(async () => {
      await subject.dispose();
    });

    async function runAll(count: number, mode: string, steps: number): Promise<string[]> {
      const running = Array.from({ length: count }, () =>
        runWorker(options.script(), [mode, String(steps), ...subject.args]),
      );
      const ends = await Promise.all(running.map(({ ended }) => ended));
      expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null })));
      return running.flatMap(({ lines }) => lines());
    }

    it(`lose no update and create no record twice when ${processes} of them count together`, async () => {
      const created = await runAll(processes, "count", counts);
      expect(new Set(created).size).toBe(counts);
      expect(created).toHaveLength(counts);
      const counter = await subject.storage.readRecord("counter");
      expect(Buffer.from(counter?.value ?? []).toString()).toBe(String(processes * counts));
    });

    it("never both follow the same revision, also while they remove the record", async () => {
      const lines = await runAll(Math.ceil(processes / 2), "churn", 4 * counts);
      const writes: { expected: string | null; revision: string }[] = lines.map((line) =>
        JSON.parse(line),
      );
      const followed = writes.flatMap(({ expected }) => expected ?? []);
      expect(writes.length).toBeGreaterThan(2 * counts);
      expect(new Set(followed).size).toBe(followed.length);
      expect(new Set(writes.map(({ revision }) => revision)).size).toBe(writes.length);
    });

    it(`tear nothing and take back nothing that was acknowledged, killed ${kills} times (seed ${seed})`, async () => {
      const random = randomNumbers(seed);
      const check = afterKill(subject.storage, outlivesProcesses);
      for (let kill = 0; kill < kills; kill += 1) {
        const args = ["write", "", ...subject.args];
        const { child, ended, lines, reported } = runWorker(options.script(), args);
        await reported(1 + random(8));
        // Some way into the next step, wherever that is.
        for (let turns = random(300); turns > 0; turns -= 1) await new Promise(setImmediate);
        child.kill("SIGKILL");
        expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
        await check(lines());
      }
    });
  });
}

/** Whole numbers from 0 up to but not including `limit`; the same ones for the same seed. */
function randomNumbers(start: number): (limit: number) => number {
  let state = start;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
