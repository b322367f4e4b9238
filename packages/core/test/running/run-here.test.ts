import { LangBatchError, memoryStorage, type RequestCounts } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { appendingStorage } from "../support/appending-storage.js";
import { keysOf, linesFile } from "../support/files.js";
import { openProcess, openRunWorld, type RunWorld } from "../support/run-world.js";
import { chatLine, TestBatch } from "../support/world.js";

const ids = ["a", "b", "c", "d", "e"];
const wait = { pollIntervalMs: 500 } as const;

async function started(world: RunWorld, process = openProcess(world)): Promise<TestBatch> {
  const batch = new TestBatch(await linesFile(ids.map((id) => chatLine(id))), process.options);
  await batch.start();
  return batch;
}

async function load(world: RunWorld, { id }: TestBatch): Promise<TestBatch> {
  return TestBatch.load(id, openProcess(world).options);
}

/** A batch whose process has died while it ran: two requests are answered, and the third is on its way. */
async function leftByTheDead(world: RunWorld): Promise<TestBatch> {
  const process = openProcess(world);
  const batch = await started(world, process);
  void batch.wait(wait);
  await world.ports.sleep(2_600);
  process.kill();
  return batch;
}

async function answered(batch: TestBatch): Promise<string[]> {
  return (await batch.getResults()).successful.map(({ custom_id }) => custom_id);
}

describe("a job that this process runs", () => {
  it("is only named by start, and run by wait, each request once", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    expect(world.asked).toEqual([]);
    expect(await batch.getStatus()).toBe("in_progress");
    await expect(batch.getResults()).rejects.toMatchObject({ code: "not_ready" });
    expect(await batch.wait(wait)).toBe("completed");
    expect(world.asked).toEqual(ids);
    expect(await answered(batch)).toEqual(ids);
    expect(world.warnings).toEqual([]);
  });

  it("shows how far it has come, here while it runs and to others within a third of its lease", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    const other = await load(world, batch);
    const told: string[] = [];
    const seenByOther: RequestCounts[] = [];
    await batch.wait({
      ...wait,
      onStatus: (status, { succeeded, pending }) => told.push(`${status} ${succeeded} ${pending}`),
      async onProgress() {
        seenByOther.push((await other.getProgress()).counts);
      },
    });
    expect(told.slice(0, 2)).toEqual(["in_progress 0 5", "in_progress 1 4"]);
    expect(told.at(-1)).toBe("completed 5 0");
    expect(seenByOther).toContainEqual({ total: 5, succeeded: 3, unsuccessful: 0, pending: 2 });
  });

  it("is run two at a time where there are several", async () => {
    const world = openRunWorld();
    world.traits.maxRequests = 1;
    const batch = await started(world);
    const times: number[] = [];
    world.onAsk = () => times.push(world.ports.now());
    expect(await batch.wait(wait)).toBe("completed");
    expect(new Set(world.asked).size).toBe(ids.length);
    const begun = new Map<number, number>();
    for (const time of times) begun.set(time, (begun.get(time) ?? 0) + 1);
    expect(Math.max(...begun.values())).toBe(2);
  });

  it("has its failures asked again by retry, and no success", async () => {
    const world = openRunWorld();
    world.end = (id) => (id === "c" ? "fail" : "succeed");
    const batch = await started(world);
    expect(await batch.wait(wait)).toBe("completed");
    world.end = () => "succeed";
    await batch.retry();
    expect(await batch.wait(wait)).toBe("completed");
    expect(world.asked).toEqual([...ids, "c"]);
    expect(await answered(batch)).toEqual(ids);
  });

  it("is explained by recover, whether somebody runs it or not", async () => {
    const world = openRunWorld();
    const process = openProcess(world);
    const batch = await started(world, process);
    const explain = async () => (await (await load(world, batch)).recover()).jobs[0]?.explanation;
    expect(await explain()).toContain("Nobody runs it");
    void batch.wait(wait);
    await world.ports.sleep(1_500);
    process.kill();
    expect(await explain()).toContain("10 s without a sign of life");
  });
});

describe("a process that stops", () => {
  it("by a signal lets go, and the next goes on at once with the rest", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    const stop = new AbortController();
    world.onAsk = (id) => {
      if (id === "c") stop.abort(new Error("enough"));
    };
    await expect(batch.wait({ ...wait, signal: stop.signal })).rejects.toThrow("enough");
    world.onAsk = () => {};
    const before = world.ports.now();
    const next = await load(world, batch);
    expect(await next.wait(wait)).toBe("completed");
    expect(world.asked).toEqual(["a", "b", "c", "c", "d", "e"]);
    expect(world.ports.now() - before).toBeLessThan(10_000);
    expect(await answered(next)).toEqual(ids);
  });

  it("by death is waited for as long as its lease is, and only what was on its way is asked again", async () => {
    const world = openRunWorld();
    const batch = await leftByTheDead(world);
    const died = world.ports.now();
    const asked = world.asked.length;
    world.onAsk = () => {
      expect(world.ports.now() - died).toBeGreaterThanOrEqual(10_000);
    };
    const next = await load(world, batch);
    expect(await next.wait(wait)).toBe("completed");
    expect(world.asked.slice(asked)).toEqual(["c", "d", "e"]);
    expect(await answered(next)).toEqual(ids);
  });

  it("that was only suspended notices that another one has its job, and both end well", async () => {
    const world = openRunWorld();
    world.askMs = 60_000;
    const sleepy = openProcess(world);
    const batch = await started(world, sleepy);
    const { sleep } = world.ports;
    // Its heart nearly stands still, and what it asked goes on.
    const slowly: typeof sleep = (ms, signal) => sleep(isBeat(ms) ? ms * 20 : ms, signal);
    const isBeat = (ms: number) => ms > 3_000 && ms < 10_000;
    const first = await TestBatch.load(batch.id, {
      ...sleepy.options,
      ports: { ...world.ports, sleep: slowly },
    });
    const second = await load(world, batch);
    const ends = await Promise.all([first.wait(wait), second.wait(wait)]);
    expect(ends).toEqual(["completed", "completed"]);
    expect(await answered(second)).toEqual(ids);
    expect(world.asked.length).toBeLessThanOrEqual(ids.length + 2);
  });
});

describe("two processes", () => {
  it("share the jobs, and never run the same one", async () => {
    const world = openRunWorld();
    world.traits.maxRequests = 1;
    const one = await started(world);
    const other = await load(world, one);
    await Promise.all([one.wait(wait), other.wait(wait)]);
    expect(world.asked.toSorted()).toEqual(ids);
    expect(await answered(one)).toEqual(ids);
    expect(await answered(other)).toEqual(ids);
  });
});

describe("cancelling", () => {
  it("stops who runs the job, and what was answered comes home", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    const other = await load(world, batch);
    world.onAsk = (id) => {
      if (id === "c") void other.cancel();
    };
    expect(await batch.wait(wait)).toBe("cancelled");
    const { successful, unsuccessful } = await other.getResults();
    expect(successful.length).toBeGreaterThanOrEqual(2);
    expect(successful.length + unsuccessful.length).toBe(ids.length);
    expect(unsuccessful[0]?.error.code).toBe("batch_cancelled");
    expect(new Set(world.asked).size).toBe(world.asked.length);
  });

  it("ends a job at once that nobody runs, and sends nothing", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    await batch.cancel();
    expect(await batch.getStatus()).toBe("cancelled");
    expect((await batch.getResults()).unsuccessful).toHaveLength(ids.length);
    expect(world.asked).toEqual([]);
  });

  it("ends, at the next wait, a job whose process has died", async () => {
    const world = openRunWorld();
    const batch = await leftByTheDead(world);
    const next = await load(world, batch);
    await next.cancel();
    expect(await next.getStatus()).toBe("cancelling");
    expect(await next.wait(wait)).toBe("cancelled");
    expect(await answered(next)).toEqual(["a", "b"]);
  });
});

describe("a run that fails", () => {
  it("is told once where it may pass, and begun again after a while", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    let failures = 3;
    world.onAsk = () => {
      failures -= 1;
      if (failures >= 0) {
        throw new LangBatchError("provider_failed", "Nobody is there.", { retryable: true });
      }
    };
    expect(await batch.wait(wait)).toBe("completed");
    expect(world.warnings).toEqual(["Nobody is there."]);
    expect(world.asked).toEqual(ids);
  });

  it("ends the waiting where it cannot pass, loses nothing, and goes on once that is mended", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    world.onAsk = (id) => {
      if (id === "c") throw new LangBatchError("rejected", "The key is wrong.");
    };
    await expect(batch.wait(wait)).rejects.toMatchObject({ code: "rejected" });
    world.onAsk = () => {};
    expect(await batch.wait(wait)).toBe("completed");
    expect(world.asked).toEqual(ids);
    expect(await answered(batch)).toEqual(ids);
  });

  it("of a foreign error is the provider's failure, and so is one that stops before the end", async () => {
    const world = openRunWorld();
    const batch = await started(world);
    world.onAsk = () => {
      throw new TypeError("x is not a function");
    };
    await expect(batch.wait(wait)).rejects.toMatchObject({
      code: "provider_failed",
      message: expect.stringContaining("x is not a function"),
    });
    const lazy = openProcess(world);
    const { world: kwargs } = lazy.options.batchKwargs ?? {};
    Object.assign(kwargs?.provider ?? {}, { async *run() {} });
    const other = await TestBatch.load(batch.id, lazy.options);
    await expect(other.wait(wait)).rejects.toMatchObject({
      message: expect.stringContaining("has stopped running"),
    });
  });
});

describe("the journal", () => {
  it.each([
    ["grows where the storage can append", true],
    ["is made of numbered blobs where it cannot", false],
  ])("%s, survives a death, and is deleted by clean", async (_sentence, appends) => {
    const world = openRunWorld(appends ? appendingStorage() : memoryStorage());
    const process = openProcess(world);
    const batch = await started(world, process);
    const isAsked = new Promise<void>((resolve) => {
      world.onAsk = (id) => {
        if (id !== "c") return;
        process.kill();
        resolve();
      };
    });
    void batch.wait(wait);
    await isAsked;
    world.onAsk = () => {};
    const journal = () => keysOf(world.storage, `blobs/${batch.id}/0/0/journal`);
    const found = await journal();
    expect(found.some((key) => key.endsWith("/journal"))).toBe(appends);
    expect(found.some((key) => key.endsWith("/journal-0"))).toBe(!appends);
    const next = await load(world, batch);
    expect(await next.wait(wait)).toBe("completed");
    expect(new Set(world.asked)).toEqual(new Set(ids));
    expect(world.asked.length).toBeLessThanOrEqual(ids.length + 1);
    await next.clean();
    expect(await journal()).toEqual([]);
    expect(await answered(next)).toEqual(ids);
    expect((await next.recover()).jobs[0]?.state).toBe("cleaned");
  });

  it("moves with its batch, once who runs it has let go, and is gone on with there", async () => {
    const target = memoryStorage();
    const world = openRunWorld(appendingStorage());
    const batch = await started(world);
    const mover = await load(world, batch);
    let moving: Promise<void> | undefined;
    world.onAsk = (id) => {
      if (id === "b") moving = mover.save({ storage: target });
    };
    const [stopped] = await Promise.allSettled([batch.wait(wait)]);
    await moving;
    expect(stopped).toMatchObject({ status: "rejected", reason: { code: "batch_moved" } });
    expect(await mover.wait(wait)).toBe("completed");
    expect(world.asked.length).toBeLessThanOrEqual(ids.length + 1);
    expect(await answered(mover)).toEqual(ids);
  });
});
