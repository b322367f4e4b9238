import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const ids = ["a", "b", "c", "d", "e", "f"];

const isRunning = ({ status }: { readonly status: string }) => status === "in_progress";

/** A provider whose jobs hold one request each. */
function smallJobs(): World {
  const world = openWorld();
  world.traits.maxRequests = 1;
  return world;
}

async function batchOf(world: World, options: object = {}): Promise<TestBatch> {
  const file = await linesFile(ids.map((id) => chatLine(id)));
  return new TestBatch(file, { ...optionsOf(world), ...options });
}

async function expectAllHomeOnce(world: World, batch: TestBatch): Promise<void> {
  expect((await batch.getResults()).successful.map(({ custom_id }) => custom_id)).toEqual(ids);
  const billed = world.jobs.filter(({ status }) => status !== "failed");
  expect(billed.flatMap(({ lines }) => lines)).toHaveLength(ids.length);
}

/** Refuses every create that would make more than `most` jobs run. */
function refuseBeyond(world: World, most: number, error: LangBatchError): { refused: number } {
  const seen = { refused: 0 };
  world.onCreate = () => {
    if (world.jobs.filter(isRunning).length <= most) return;
    world.jobs.pop();
    seen.refused += 1;
    throw error;
  };
  return seen;
}

const noRoom = (options = {}) => new LangBatchError("quota", "Too many batches.", options);

describe("sending more than may run at once", () => {
  it.each([
    ["as the user wants", { maxActiveJobs: 2 }, undefined],
    ["as the provider has it", {}, 2],
    ["the user's word first", { maxActiveJobs: 2 }, 4],
  ])("keeps the number of active jobs, %s", async (_name, options, traits) => {
    const world = smallJobs();
    if (traits !== undefined) world.traits.maxActiveJobs = traits;
    const seen = refuseBeyond(world, 2, noRoom());
    const batch = await batchOf(world, options);
    await batch.start();
    expect(world.jobs).toHaveLength(2);
    expect(world.uploads.size).toBe(2);
    expect(await batch.wait()).toBe("completed");
    expect(seen.refused).toBe(0);
    await expectAllHomeOnce(world, batch);
  });

  it.each([0, 1.5, -1, Number.NaN])("takes no %s as a number of jobs", async (maxActiveJobs) => {
    await expect(batchOf(smallJobs(), { maxActiveJobs })).rejects.toMatchObject({
      code: "invalid_option",
      message: `\`maxActiveJobs\` is ${maxActiveJobs}; use a whole number from 1 up.`,
    });
  });

  it("counts the jobs that another process sent", async () => {
    const world = smallJobs();
    refuseBeyond(world, 3, new LangBatchError("rejected", "That is one too many."));
    const batch = await batchOf(world, { maxActiveJobs: 3 });
    await batch.start();
    const options = { ...optionsOf(world), maxActiveJobs: 3 };
    await (await TestBatch.load(batch.id, options)).start();
    expect(world.jobs).toHaveLength(3);
  });
});

describe("a provider without room", () => {
  it("is asked again when a job ends, with the same input, and not by every shard", async () => {
    const world = smallJobs();
    const seen = refuseBeyond(world, 2, noRoom());
    const batch = await batchOf(world);
    await batch.start();
    expect(world.jobs).toHaveLength(2);
    // Those that were on their way side by side.
    expect(seen.refused).toBeLessThanOrEqual(4);
    const inputs = new Set(world.uploads.keys());
    expect(await batch.getStatus()).toBe("in_progress");
    world.runsMs = 3_600_000;
    expect(await batch.wait()).toBe("completed");
    for (const { inputId } of world.jobs.slice(2, inputs.size)) expect(inputs).toContain(inputId);
    expect(world.uploads.size).toBe(ids.length);
    await expectAllHomeOnce(world, batch);
  });

  it("is not asked before the time it named", async () => {
    const world = smallJobs();
    const asked: number[] = [];
    world.onCreate = ({ createdAt }) => {
      asked.push(createdAt);
      if (asked.length > 1) return;
      world.jobs.pop();
      throw noRoom({ retryAfterMs: 1_200_000, retryable: true });
    };
    const batch = await batchOf(world, { maxActiveJobs: 1 });
    await batch.start();
    await batch.wait({ pollIntervalMs: 1_000 });
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(1_200_000);
    await expectAllHomeOnce(world, batch);
  });

  it("does not keep the shards of another model", async () => {
    const world = smallJobs();
    world.traits.oneModel = false;
    world.onCreate = ({ lines: [line = ""] }) => {
      if (!line.includes("full-model")) return;
      world.jobs.pop();
      throw noRoom();
    };
    const models = ["full-model", "full-model", "free-model", "full-model", "free-model"];
    const lines = models.map((model, at) => chatLine(`id-${at}`, { model }));
    const batch = new TestBatch(await linesFile(lines), optionsOf(world));
    await batch.start();
    expect(world.jobs.map(({ lines: [line = "{}"] }) => JSON.parse(line).custom_id)).toEqual([
      "id-2",
      "id-4",
    ]);
  });

  it("may say so at the upload already", async () => {
    const world = smallJobs();
    const { upload } = world.provider;
    let refused = 0;
    Object.assign(world.provider, {
      async upload(...args: Parameters<NonNullable<typeof upload>>) {
        if (world.jobs.length < 2 || refused > 5) return upload?.(...args);
        refused += 1;
        throw noRoom({ retryable: true });
      },
    });
    const batch = await batchOf(world);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    expect(refused).toBe(6);
    await expectAllHomeOnce(world, batch);
  });

  it("is told of to whoever listens, once for each reason", async () => {
    const world = smallJobs();
    refuseBeyond(world, 1, noRoom());
    const batch = await batchOf(world);
    await batch.start();
    const told: string[] = [];
    await batch.wait({ onError: ({ code, message }) => void told.push(`${code}: ${message}`) });
    expect(told).toEqual([
      `quota: Jobs of batch ${batch.id} wait for room at world, and are sent once there is some: Too many batches.`,
    ]);
  });
});

describe("a job that was taken and given up for want of room", () => {
  /** Takes every job, and gives up those that are more than `most`. */
  function giveUpBeyond(world: World, most: number, kind: "quota" | "account"): void {
    world.onCreate = (job) => {
      if (world.jobs.filter(isRunning).length <= most) return;
      job.status = "failed";
      job.failure = { kind, code: "token_limit_exceeded", message: "Too much is enqueued." };
    };
  }

  it.each(["quota", "account"] as const)(
    "is created again from the same input (%s)",
    async (kind) => {
      const world = smallJobs();
      giveUpBeyond(world, 1, kind);
      const batch = await batchOf(world);
      await batch.start();
      expect(await batch.wait()).toBe("completed");
      await expectAllHomeOnce(world, batch);
      expect(world.uploads.size).toBe(ids.length);
      const tags = world.jobs.map(({ tag }) => tag);
      expect(new Set(tags).size).toBe(tags.length);
    },
  );

  it("is asked for again one after the other, not all of them at every end", async () => {
    const world = openWorld();
    world.traits.maxRequests = 1;
    giveUpBeyond(world, 2, "quota");
    const many = Array.from({ length: 40 }, (_none, at) => chatLine(`id-${at}`));
    const batch = new TestBatch(await linesFile(many), optionsOf(world));
    await batch.start();
    expect(world.jobs).toHaveLength(40);
    expect(await batch.wait()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(40);
    // Each end lets two ask, of whom one finds room; all of them asked would be hundreds.
    expect(world.jobs.length).toBeLessThan(180);
  });

  it("never fails the batch, and says why it waits", async () => {
    const world = smallJobs();
    giveUpBeyond(world, 0, "account");
    const batch = await batchOf(world);
    await batch.start();
    expect(await batch.getStatus()).toBe("validating");
    const stop = new AbortController();
    const told: string[] = [];
    const waiting = batch.wait({
      signal: stop.signal,
      onStatus: (status) => expect(["validating", "in_progress"]).toContain(status),
      onError: ({ message }) => {
        told.push(message);
        if (world.jobs.length > 12) stop.abort(new Error("enough"));
      },
      pollIntervalMs: 1_000,
    });
    world.onCreate = (job) => {
      job.status = "failed";
      job.failure = { kind: "account", code: "billing_hard_limit_reached", message: "Pay first." };
      if (world.jobs.length > 12) stop.abort(new Error("enough"));
    };
    await expect(waiting).rejects.toThrow("enough");
    expect(told.join()).toContain("billing_hard_limit_reached: Pay first.");
  });

  it("is not created again after a cancel", async () => {
    const world = smallJobs();
    giveUpBeyond(world, 0, "quota");
    const batch = await batchOf(world);
    await batch.start();
    const created = world.jobs.length;
    await batch.cancel();
    expect(await batch.wait()).toBe("cancelled");
    expect(world.jobs).toHaveLength(created);
  });

  it("is not taken for the next one whose answer is lost", async () => {
    const world = openWorld();
    // A service that shows no tags: both jobs are from the same input.
    const { list, get } = world.provider;
    const untagged: typeof get = async function* (jobIds, context) {
      for await (const { tag: _hidden, ...job } of get(jobIds, context)) yield job;
    };
    const untaggedList: typeof list = async function* (query, context) {
      for await (const { tag: _hidden, ...job } of list(query, context)) yield job;
    };
    Object.assign(world.provider, { get: untagged, list: untaggedList });
    world.onCreate = (job) => {
      if (world.jobs.length === 1) {
        job.status = "failed";
        job.failure = { kind: "quota", code: "token_limit_exceeded", message: "Too much." };
      }
      if (world.jobs.length === 2) throw new LangBatchError("provider_failed", "It was cut off.");
    };
    const batch = await batchOf(world, { settleMs: 60_000 });
    await batch.start();
    await batch.wait();
    expect(world.jobs).toHaveLength(2);
    await expectAllHomeOnce(world, batch);
  });

  it("keeps what it had answered before, and is not paid for twice", async () => {
    const world = openWorld();
    const batch = await batchOf(world);
    await batch.start();
    const { results } = world.provider;
    const [job] = world.jobs;
    Object.assign(world.provider, {
      async *results(asked: Parameters<typeof results>[0], context: Parameters<typeof results>[1]) {
        if (job) job.status = "expired";
        yield* results(asked, context);
        if (job) job.status = "failed";
      },
    });
    world.end = (id) => (id < "d" ? "succeed" : "drop");
    if (job) {
      job.status = "failed";
      job.failure = { kind: "account", code: "billing_hard_limit_reached", message: "Pay first." };
    }
    await batch.wait();
    expect(world.jobs).toHaveLength(1);
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "b", "c"]);
    expect(unsuccessful.map(({ error }) => error.code)).toEqual(
      Array(3).fill("billing_hard_limit_reached"),
    );
  });
});

describe("a shard that the provider will not take", () => {
  it("does not keep the others from being sent and brought home", async () => {
    const world = smallJobs();
    world.onCreate = ({ lines: [line = ""] }) => {
      if (!line.includes('"custom_id":"c"')) return;
      world.jobs.pop();
      throw new LangBatchError("rejected", "Not this one.");
    };
    const batch = await batchOf(world);
    await expect(batch.start()).rejects.toMatchObject({ code: "rejected" });
    expect(world.jobs).toHaveLength(5);
    await expect(batch.wait()).rejects.toMatchObject({
      code: "rejected",
      message: "Not this one.",
    });
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "b", "d", "e", "f"]);
    expect(unsuccessful.map(({ custom_id, error }) => [custom_id, error.code])).toEqual([
      ["c", "rejected"],
    ]);
  });

  it("is the last one that is tried, where it is the first", async () => {
    const world = smallJobs();
    world.onCreate = () => {
      world.jobs.pop();
      throw new LangBatchError("rejected", "The key is wrong.");
    };
    const batch = await batchOf(world);
    await expect(batch.start()).rejects.toMatchObject({ code: "rejected" });
    expect(world.uploads.size).toBe(1);
    // Another run brings its input again: that it was gone may have been the reason.
    await expect(batch.wait()).rejects.toMatchObject({ code: "rejected" });
    expect(world.uploads.size).toBe(2);
  });
});

describe("a shard that is stuck", () => {
  it("does not keep the results of the others away", async () => {
    const world = smallJobs();
    const batch = await batchOf(world);
    await batch.start();
    const stuck = world.jobs[2];
    const done = new AbortController();
    const { get } = world.provider;
    let asked = 0;
    Object.assign(world.provider, {
      async *get(...[jobIds, context]: Parameters<typeof get>) {
        asked += 1;
        for await (const job of get(jobIds, context)) {
          yield job.id === stuck?.id && asked < 40 ? { ...job, status: "in_progress" } : job;
        }
      },
    });
    const counts: unknown[] = [];
    await batch.wait({
      signal: done.signal,
      onStatus: (status, { succeeded, pending }) => counts.push([status, succeeded, pending]),
    });
    expect(counts).toContainEqual(["in_progress", 5, 1]);
    expect(counts.at(-1)).toEqual(["completed", 6, 0]);
  });
});
