import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const ids = ["a", "b", "c", "d", "e"];

async function started(world: World): Promise<TestBatch> {
  const batch = new TestBatch(await linesFile(ids.map((id) => chatLine(id))), optionsOf(world));
  await batch.start();
  return batch;
}

describe("wait", () => {
  it("tells the status at first and at every change, with counts that add up", async () => {
    const world = openWorld();
    world.end = (id) => (id === "c" ? "fail" : "succeed");
    const told: string[] = [];
    const batch = await started(world);
    await batch.wait({
      pollIntervalMs: 1000,
      onStatus: (status, { total, succeeded, unsuccessful, pending }) => {
        expect(succeeded + unsuccessful + pending).toBe(total);
        told.push(`${status} ${succeeded}+${unsuccessful}/${total}`);
      },
    });
    expect(told).toEqual(["in_progress 0+0/5", "completed 4+1/5"]);
  });

  it("leaves a provider alone for as long as it asks to be", async () => {
    const world = openWorld();
    const batch = await started(world);
    const times: number[] = [];
    const { get } = world.provider;
    world.provider.get = (jobIds, context) => {
      times.push(world.ports.now());
      if (times.length > 1) return get(jobIds, context);
      throw new LangBatchError("quota", "Slow down.", { retryable: true, retryAfterMs: 90_000 });
    };
    await batch.wait({ pollIntervalMs: 1_000 });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(90_000);
  });

  it("polls as often as asked, and by itself slower and slower", async () => {
    const polls: number[][] = [];
    for (const options of [{ pollIntervalMs: 10_000 }, {}]) {
      const world = openWorld();
      world.runsMs = 3_600_000;
      const batch = await started(world);
      const times: number[] = [];
      const { get } = world.provider;
      world.provider.get = (jobIds, context) => {
        times.push(world.ports.now());
        return get(jobIds, context);
      };
      await batch.wait(options);
      polls.push(times.slice(1).map((time, at) => time - (times[at] ?? 0)));
    }
    expect(new Set(polls[0])).toEqual(new Set([10_000]));
    expect(polls[1]?.slice(0, 3)).toEqual([15_000, 22_500, 33_750]);
    expect(polls[1]?.at(-1)).toBe(300_000);
  });

  it("is stopped by its signal with the signal's reason, and the batch goes on", async () => {
    const world = openWorld();
    const batch = await started(world);
    const stop = new AbortController();
    const reason = new Error("the user left");
    await expect(
      batch.wait({ signal: stop.signal, onStatus: () => stop.abort(reason) }),
    ).rejects.toBe(reason);
    expect(world.jobs[0]?.status).toBe("in_progress");
    expect(await batch.wait()).toBe("completed");
  });

  it("lets a create that is on its way finish before it heeds the signal", async () => {
    const world = openWorld();
    const stop = new AbortController();
    world.onCreate = () => stop.abort(new Error("the user left"));
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await batch.start({ signal: stop.signal }).catch(() => {});
    const record = await world.storage.readRecord(`jobs/${batch.id}/0/0`);
    expect(Buffer.from(record?.value ?? []).toString()).toContain('"state":"submitted"');
  });

  it("outlives failures that may pass, and ends with those that do not", async () => {
    const world = openWorld();
    const batch = await started(world);
    let failures = 0;
    const { get, results } = world.provider;
    world.provider.get = (jobIds, context) => {
      failures += 1;
      if (failures < 4) throw new LangBatchError("provider_failed", "502", { retryable: true });
      return get(jobIds, context);
    };
    world.provider.results = (job, context) => {
      failures += 1;
      if (failures < 9) throw new LangBatchError("provider_failed", "503", { retryable: true });
      return results(job, context);
    };
    expect(await batch.wait()).toBe("completed");

    const other = openWorld();
    const second = await started(other);
    other.provider.get = () => {
      throw new LangBatchError("provider_failed", "401", { status: 401 });
    };
    await expect(second.wait()).rejects.toMatchObject({ code: "provider_failed", status: 401 });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses to poll every %d ms",
    async (pollIntervalMs) => {
      const batch = await started(openWorld());
      await expect(batch.wait({ pollIntervalMs })).rejects.toMatchObject({
        code: "invalid_option",
      });
    },
  );
});

describe("cancel", () => {
  it("stops what runs, once, and says so until it has stopped", async () => {
    const world = openWorld();
    const cancelled: string[] = [];
    world.provider.cancel = async (jobId) => {
      cancelled.push(jobId);
    };
    const batch = await started(world);
    await batch.cancel();
    await batch.cancel();
    expect(cancelled).toEqual(["job-1"]);
    expect(await batch.getStatus()).toBe("cancelling");
    const [job] = world.jobs;
    if (job) job.status = "cancelled";
    expect(await batch.wait()).toBe("cancelled");
  });

  it("keeps what was not sent yet from being sent, by any process", async () => {
    const world = openWorld();
    world.onCreate = () => {
      world.jobs.pop();
      throw new LangBatchError("quota", "The queue is full.", { retryable: true });
    };
    const batch = await started(world);
    await batch.cancel();
    world.onCreate = () => {};
    const other = await TestBatch.load(batch.id, optionsOf(world));
    await other.start();
    expect(await other.wait()).toBe("cancelled");
    expect(world.jobs).toEqual([]);
    expect((await other.getResults()).unsuccessful.map(({ error }) => error.code)).toEqual(
      Array(5).fill("batch_cancelled"),
    );
  });

  it("that died between its record and the jobs is heeded by whoever goes on", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    world.onCreate = () => {
      if (world.jobs.length < 2) return;
      world.jobs.pop();
      throw new LangBatchError("quota", "The queue is full.", { retryable: true });
    };
    const batch = await started(world);
    expect(world.jobs).toHaveLength(1);
    const dying = {
      ...world.storage,
      writeRecord: (...args: Parameters<typeof world.storage.writeRecord>) =>
        args[0].startsWith("jobs/")
          ? Promise.reject(new Error("killed"))
          : world.storage.writeRecord(...args),
    };
    const killed = await TestBatch.load(batch.id, { ...optionsOf(world), storage: dying });
    await expect(killed.cancel()).rejects.toThrow("killed");
    world.onCreate = () => {};
    const other = await TestBatch.load(batch.id, optionsOf(world));
    await other.start();
    expect(await other.wait()).toBe("cancelled");
    expect(world.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
  });

  it("does nothing after the end", async () => {
    const batch = await started(openWorld());
    await batch.wait();
    await batch.cancel();
    expect(await batch.getStatus()).toBe("completed");
  });

  it("reaches a job whose create was in doubt when it was asked for", async () => {
    const world = openWorld();
    const { list } = world.provider;
    world.provider.list = () => {
      throw new LangBatchError("provider_failed", "502");
    };
    world.onCreate = () => {
      throw new Error("socket hang up");
    };
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await expect(batch.start()).rejects.toMatchObject({ code: "provider_failed" });
    await batch.cancel();
    world.provider.list = list;
    expect(await batch.wait()).toBe("cancelled");
    expect(world.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
  });
});
