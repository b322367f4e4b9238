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
