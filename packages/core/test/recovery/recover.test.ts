import { LangBatchError, type Storage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

/** The batch after its first process has died with a create on its way, which was taken or not. */
async function abandoned(world: World, { isTaken }: { isTaken: boolean }): Promise<string> {
  const { create } = world.provider;
  const storage: Storage = { ...world.storage };
  const batch = await TestBatch.createFromRequests(three, { ...optionsOf(world), storage });
  world.provider.create = async (input, uploaded, context) => {
    if (isTaken) await create(input, uploaded, context);
    storage.writeRecord = storage.readRecord = async () => {
      throw new Error("killed");
    };
    throw new Error("killed");
  };
  await batch.start().catch(() => {});
  world.provider.create = create;
  // Until its deadline, whoever sends it may be alive.
  await world.ports.sleep(20_000);
  return batch.id;
}

describe("recover", () => {
  it("finds the job of a create that nobody saw answered, and says so", async () => {
    const world = openWorld();
    const batch = await TestBatch.load(await abandoned(world, { isTaken: true }), optionsOf(world));
    const { status, jobs, problems } = await batch.recover();
    expect({ status, problems }).toEqual({ status: "in_progress", problems: [] });
    expect(jobs).toEqual([
      {
        round: 0,
        shard: 0,
        requests: 3,
        state: "submitted",
        jobId: "job-1",
        explanation: "It runs at the provider.",
      },
    ]);
  });

  it("creates nothing itself where there is none, and says what happens when", async () => {
    const world = openWorld();
    const id = await abandoned(world, { isTaken: false });
    const batch = await TestBatch.load(id, optionsOf(world));
    const { jobs } = await batch.recover();
    expect(jobs[0]).toMatchObject({ state: "unknown" });
    expect(jobs[0]?.explanation).toMatch(
      /its answer is lost\. It is looked for at the provider\. If it does not show until 2026-/,
    );
    expect(world.jobs).toEqual([]);
    await batch.start();
    expect(world.jobs).toHaveLength(1);
  });

  it("explains every stage of a batch's life", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    const explained = async () => (await batch.recover()).jobs[0]?.explanation;
    expect(await explained()).toMatch(/not sent yet/);
    const { create } = world.provider;
    world.provider.create = async () => {
      throw new LangBatchError("quota", "Too many.", { retryable: true });
    };
    await batch.start();
    expect(await explained()).toMatch(/had no room: Too many\. start\(\) or wait\(\) asks again/);
    world.provider.create = async () => {
      throw new LangBatchError("rejected", "No such model.");
    };
    await batch.wait().catch(() => {});
    expect(await explained()).toMatch(/was not created: No such model\. start\(\) asks again\./);
    world.provider.create = create;
    await batch.start();
    expect(await explained()).toMatch(/runs at the provider/);
    await batch.wait();
    expect(await explained()).toBe("It ended as completed, and every request has its result here.");
  });

  it("brings home what has ended", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await world.ports.sleep(3_600_000);
    const { status, counts, jobs } = await batch.recover();
    expect({ status, succeeded: counts.succeeded }).toEqual({ status: "completed", succeeded: 3 });
    expect(jobs[0]?.state).toBe("collected");
  });

  it("tells of what fails and does the rest", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    await world.ports.sleep(3_600_000);
    world.provider.list = async function* () {
      yield* [];
      throw new Error("socket hang up");
    };
    const { status, problems } = await batch.recover();
    expect(status).toBe("completed");
    expect(problems.map(({ code }) => code)).toEqual(["provider_failed"]);
  });

  it("shows a job that was made twice", async () => {
    const world = openWorld();
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    const [job] = world.jobs;
    if (job) world.jobs.push({ ...job, id: "job-2" });
    const { problems } = await batch.recover();
    expect(problems).toMatchObject([
      { code: "duplicate_job", message: expect.stringContaining("job-2") },
    ]);
  });

  it("mends a record that nobody can read, from what the provider shows", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    const batch = await TestBatch.createFromRequests(three, optionsOf(world));
    await batch.start();
    const key = `jobs/${batch.id}/0/1`;
    const stored = await world.storage.readRecord(key);
    const torn = Buffer.from(stored?.value ?? []).subarray(0, 40);
    await world.storage.writeRecord(key, torn, { expected: stored?.revision ?? null });

    await expect(batch.wait()).rejects.toThrow(/is damaged: it is no JSON\. .*recover\(\)/);
    const { problems, jobs } = await batch.recover();
    expect(problems).toMatchObject([{ code: "storage_failed" }]);
    expect(jobs.map(({ jobId }) => jobId)).toEqual(["job-1", "job-2"]);
    const kept: Uint8Array[] = [];
    for await (const chunk of world.storage.readBlob(`blobs/${batch.id}/0/1/damaged-0`)) {
      kept.push(chunk);
    }
    expect(Buffer.concat(kept)).toEqual(torn);
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(3);
    expect(world.jobs).toHaveLength(2);
  });

  it("is for batches that are stored", async () => {
    const batch = new TestBatch("x.jsonl", optionsOf(openWorld()));
    await expect(batch.recover()).rejects.toMatchObject({ code: "not_found" });
  });
});
