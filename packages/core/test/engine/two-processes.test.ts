import { EventEmitter, once } from "node:events";
import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];

describe("two processes on one batch", () => {
  it("do not lose a job whose create was on its way when the other one cancelled", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await batch.save();
    const other = await TestBatch.load(batch.id, optionsOf(world));
    const { create } = world.provider;
    world.provider.create = async (input, uploaded, context) => {
      const job = await create(input, uploaded, context);
      // It exists, but nobody has recorded it yet.
      await other.cancel();
      return job;
    };
    await batch.start();
    expect(world.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
    expect(await other.wait()).toBe("cancelled");
    expect((await other.getResults()).unsuccessful).toHaveLength(3);
  });

  it("do not send what the other one cancelled before it was intended", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await batch.save();
    const other = await TestBatch.load(batch.id, optionsOf(world));
    const upload = world.provider.upload?.bind(world.provider);
    world.provider.upload = async (input, context) => {
      const uploaded = await upload?.(input, context);
      await other.cancel();
      return uploaded ?? { id: "" };
    };
    await batch.start();
    expect(world.jobs).toEqual([]);
    expect(await batch.getStatus()).toBe("cancelled");
  });

  it("create one job although the second starts while the first one's create is on its way", async () => {
    for (const isAnswered of [true, false]) {
      const world = openWorld();
      const batch = new TestBatch(await linesFile(three), optionsOf(world));
      await batch.save();
      const other = await TestBatch.load(batch.id, optionsOf(world));
      const { create } = world.provider;
      let isFirst = true;
      world.provider.create = async (input, uploaded, context) => {
        const job = await create(input, uploaded, context);
        if (!isFirst) return job;
        isFirst = false;
        await other.start();
        if (!isAnswered) throw new Error("socket hang up");
        return job;
      };
      await batch.start();
      expect(world.jobs).toHaveLength(1);
      expect(await batch.wait()).toBe("completed");
      expect((await other.getResults()).successful).toHaveLength(3);
    }
  });

  it("try what was refused to the other one before they call it an end", async () => {
    const world = openWorld();
    world.traits.maxRequests = 2;
    world.runsMs = 5_000;
    const batch = new TestBatch(await linesFile(three), optionsOf(world));
    await batch.save();
    const other = await TestBatch.load(batch.id, optionsOf(world));
    const { create, results } = world.provider;
    const events = new EventEmitter();
    const isSent = once(events, "sent");
    const isRefusing = once(events, "refusing");
    let isRefused = false;
    world.provider.create = async (input, uploaded, context) => {
      if (input.requests === 2 || isRefused) return create(input, uploaded, context);
      isRefused = true;
      events.emit("sent");
      await isRefusing;
      throw new LangBatchError("rejected", "Not now.");
    };
    const refused = batch.start().catch((error: unknown) => error);
    await isSent;
    world.provider.results = async function* (job, context) {
      // It comes while the other one brings the first shard home.
      events.emit("refusing");
      await refused;
      yield* results(job, context);
    };
    expect(await other.wait({ pollIntervalMs: 6_000 })).toBe("completed");
    expect((await other.getResults()).successful).toHaveLength(3);
    expect(await refused).toMatchObject({ code: "rejected" });
  });

  it("do not give up a create because an earlier one was found not to exist", async () => {
    const world = openWorld();
    const { create } = world.provider;
    let creates = 0;
    let late: (() => Promise<unknown>) | undefined;
    world.provider.create = async (input, uploaded, context) => {
      creates += 1;
      // The first is lost on its way; of the second, only the answer.
      if (creates === 2) await create(input, uploaded, context);
      if (creates <= 2) throw new Error("socket hang up");
      return create(input, uploaded, context);
    };
    // The list does not show a job before five minutes have passed.
    const { list } = world.provider;
    world.provider.list = async function* (query, context) {
      for await (const job of list(query, context)) {
        if (world.ports.now() - job.createdAt >= 300_000) yield job;
      }
    };
    const { writeRecord } = world.storage;
    const sleepy: typeof world.storage = {
      ...world.storage,
      async writeRecord(key, value, options) {
        const { state } = JSON.parse(Buffer.from(value).toString("utf8")).value;
        // It is about to record that the first create made no job, and falls asleep.
        if (state === "planned" && late) {
          const wake = late;
          late = undefined;
          await wake();
        }
        return writeRecord(key, value, options);
      },
    };
    const one = await TestBatch.createFromRequests(three as never[], {
      ...optionsOf(world),
      storage: sleepy,
    });
    // The other one has come to the same end meanwhile, creates, and loses the answer.
    late = async () => {
      const stop = new AbortController();
      const { sleep } = world.ports;
      const ports: typeof world.ports = {
        ...world.ports,
        async sleep(ms, signal) {
          if (creates === 2) stop.abort(new Error("enough"));
          await sleep(ms, signal);
        },
      };
      const other = await TestBatch.load(one.id, { ...optionsOf(world), ports });
      await expect(other.start({ signal: stop.signal })).rejects.toThrow("enough");
    };
    await one.start();
    expect(world.jobs).toHaveLength(1);
    expect(await one.wait()).toBe("completed");
  });

  it("never send a create after its deadline, however long the process slept before it", async () => {
    const world = openWorld();
    const { writeRecord } = world.storage;
    let slept = 0;
    const storage = {
      ...world.storage,
      async writeRecord(...args: Parameters<typeof writeRecord>) {
        const written = await writeRecord(...args);
        if (Buffer.from(args[1]).includes('"state":"creating"') && slept === 0) {
          slept += 1;
          await world.ports.sleep(3_600_000);
        }
        return written;
      },
    };
    const sleepy = await TestBatch.createFromRequests(three as never[], {
      ...optionsOf(world),
      storage,
    });
    const created: string[] = [];
    const { create } = world.provider;
    world.provider.create = (input, uploaded, context) => {
      created.push(input.tag.at(-1) ?? "");
      return create(input, uploaded, context);
    };
    await sleepy.start();
    expect(slept).toBe(1);
    expect(created, "the first try was let go").toEqual(["2"]);
  });
});
