import { type BatchProgress, LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { openPace } from "../../src/batch/pace.js";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const ids = ["a", "b", "c", "d"];

function halves(): World {
  const world = openWorld();
  world.traits.maxRequests = 2;
  return world;
}

async function batchOf(world: World, options: object = {}): Promise<TestBatch> {
  const file = await linesFile(ids.map((id) => chatLine(id)));
  return new TestBatch(file, { ...optionsOf(world), ...options });
}

/** The provider counts what each job has done, by its age. */
function count(world: World, done: (ageMs: number) => number): void {
  const { get } = world.provider;
  Object.assign(world.provider, {
    async *get(...[jobIds, context]: Parameters<typeof get>) {
      for await (const job of get(jobIds, context)) {
        const completed = Math.min(2, done(world.ports.now() - job.createdAt));
        yield { ...job, counts: { total: 2, completed, failed: 0 } };
      }
    },
  });
}

const states = ({ shards }: BatchProgress) => shards.map(({ state }) => state);

describe("progress", () => {
  it("is that of nothing before anything is stored", async () => {
    const batch = await batchOf(openWorld());
    expect(await batch.getProgress()).toEqual({
      status: "created",
      counts: { total: 0, succeeded: 0, unsuccessful: 0, pending: 0 },
      shards: [],
      uploadedBytes: 0,
      totalBytes: 0,
      downloadedBytes: 0,
      elapsedMs: 0,
    });
  });

  it("shows what was stored and not started", async () => {
    const batch = await batchOf(halves());
    await batch.save();
    const progress = await batch.getProgress();
    expect(progress).toMatchObject({ status: "created", uploadedBytes: 0, elapsedMs: 0 });
    expect(progress.counts).toMatchObject({ total: 4, pending: 4 });
    expect(states(progress)).toEqual(["planned", "planned"]);
  });

  it("follows bytes and shards up and down, to the end", async () => {
    const world = halves();
    world.end = (id) => (id === "d" ? "fail" : "succeed");
    const batch = await batchOf(world);
    await batch.start();
    const begun = await batch.getProgress();
    expect(states(begun)).toEqual(["in_progress", "in_progress"]);
    expect(begun.uploadedBytes).toBe(begun.totalBytes);
    expect(begun.downloadedBytes).toBe(0);
    expect(begun.shards.map(({ jobId }) => jobId)).toEqual(["job-1", "job-2"]);

    await world.ports.sleep(60_000);
    const ended = await batch.getProgress();
    expect(states(ended)).toEqual(["collecting", "collecting"]);
    expect(ended.elapsedMs).toBeGreaterThanOrEqual(60_000);

    await batch.wait();
    const home = await batch.getProgress();
    expect(home.status).toBe("completed");
    expect(states(home)).toEqual(["completed", "completed"]);
    expect(home.counts).toEqual({ total: 4, succeeded: 3, unsuccessful: 1, pending: 0 });
    expect(home.shards[1]?.counts).toEqual({ total: 2, succeeded: 1, unsuccessful: 1, pending: 0 });
    expect(home.downloadedBytes).toBeGreaterThan(0);
  });

  it("counts every request once, however many rounds ask for it", async () => {
    const world = halves();
    world.end = (id) => (id === "a" ? "succeed" : "fail");
    const batch = await batchOf(world);
    await batch.start();
    await batch.wait();
    await batch.retry();
    const { counts, shards } = await batch.getProgress();
    expect(counts).toEqual({ total: 4, succeeded: 1, unsuccessful: 0, pending: 3 });
    expect(shards.map(({ round, shard }) => [round, shard])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  it("says why a shard waits, and until when", async () => {
    const world = halves();
    world.onCreate = () => {
      world.jobs.pop();
      throw new LangBatchError("quota", "Too many tokens are enqueued.");
    };
    const batch = await batchOf(world);
    await batch.start();
    const now = world.ports.now();
    const { shards, status, remainingMs } = await batch.getProgress();
    expect(status).toBe("validating");
    expect(remainingMs).toBeUndefined();
    expect(shards.map(({ state }) => state)).toEqual(["waiting", "planned"]);
    expect(shards[0]?.waiting).toMatchObject({
      code: "quota",
      message: "Too many tokens are enqueued.",
    });
    expect(shards[0]?.waiting?.until).toBeGreaterThan(now);
    expect(shards[1]?.waiting).toEqual({ code: "quota", message: "Too many tokens are enqueued." });
  });

  it("says that a shard waits for its turn", async () => {
    const batch = await batchOf(halves(), { maxActiveJobs: 1 });
    await batch.start();
    const { shards } = await batch.getProgress();
    expect(shards[1]).toMatchObject({
      state: "planned",
      waiting: { code: "queued", message: "It is sent after the jobs before it." },
    });
  });

  it.each([
    ["input", false],
    ["provider", true],
  ] as const)("says whether a failed job may work again (%s)", async (kind, isRetryable) => {
    const world = openWorld();
    world.onCreate = (job) => {
      job.status = "failed";
      job.failure = { kind, code: "job_failed_so", message: "That is why." };
    };
    const batch = await batchOf(world);
    await batch.start();
    await batch.wait();
    const { shards } = await batch.getProgress();
    expect(shards[0]?.failure).toEqual({
      code: "job_failed_so",
      message: "That is why.",
      isRetryable,
    });
    await batch.retry({ only: "retryable" });
    expect(world.jobs).toHaveLength(isRetryable ? 2 : 1);
  });

  it("is told while waiting, with a time for the rest once the pace is known", async () => {
    const world = halves();
    world.runsMs = 200_000;
    count(world, (ageMs) => ageMs / 100_000);
    const batch = await batchOf(world);
    await batch.start();
    const told: BatchProgress[] = [];
    await batch.wait({ pollIntervalMs: 20_000, onProgress: (progress) => told.push(progress) });
    expect(told[0]?.remainingMs).toBeUndefined();
    const [third, later] = [told[3], told.at(-2)];
    expect(third?.remainingMs).toBeGreaterThan(120_000);
    expect(third?.remainingMs).toBeLessThan(160_000);
    expect(later?.remainingMs).toBeLessThan(third?.remainingMs ?? 0);
    expect(told.at(-1)).toMatchObject({ status: "completed", remainingMs: 0 });
  });

  it("has no time for the rest where the provider does not count", async () => {
    const batch = await batchOf(halves());
    await batch.start();
    const told: BatchProgress[] = [];
    await batch.wait({ pollIntervalMs: 10_000, onProgress: (progress) => told.push(progress) });
    const running = told.filter(({ counts }) => counts.pending > 0);
    expect(running.length).toBeGreaterThan(2);
    expect(running.every(({ remainingMs }) => remainingMs === undefined)).toBe(true);
  });
});

describe("the pace", () => {
  const counts = (done: number, total = 100) => ({
    total,
    succeeded: done,
    unsuccessful: 0,
    pending: total - done,
  });

  it("slows down where nothing moves any more", () => {
    const pace = openPace();
    for (const [at, done] of [
      [0, 0],
      [10, 10],
      [20, 20],
    ] as const) {
      pace.note(at, counts(done));
    }
    expect(pace.remainingMs(20, 80)).toBe(80);
    pace.note(40, counts(20));
    expect(pace.remainingMs(40, 80)).toBe(160);
  });

  it("begins anew where a new round asks again", () => {
    const pace = openPace();
    for (const done of [0, 50, 100, 90]) pace.note(done, counts(done));
    expect(pace.remainingMs(200, 10)).toBeUndefined();
  });
});
