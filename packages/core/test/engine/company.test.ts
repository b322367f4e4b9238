import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCompany } from "../../src/engine/company.js";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

describe("whoever works on a batch", () => {
  it("takes the shards in their order while alone", () => {
    const company = openCompany(() => 0.5);
    expect([...company.scatter([1, 2, 3, 4])]).toEqual([1, 2, 3, 4]);
  });

  it("goes on somewhere else after each meeting, and begins somewhere else from then on", () => {
    const company = openCompany(() => 0.5);
    const taken: number[] = [];
    for (const item of company.scatter([1, 2, 3, 4, 5, 6])) {
      taken.push(item);
      if (item === 2) company.meet();
    }
    expect(taken).toEqual([1, 2, 5, 6, 3, 4]);
    expect([...company.scatter([1, 2, 3, 4])]).toEqual([3, 4, 1, 2]);
  });

  it("takes each shard once, whenever others are met", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 30 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (meets, chances) => {
          let drawn = 0;
          const company = openCompany(() => chances[drawn++ % chances.length] ?? 0);
          const items = meets.map((_meets, at) => at);
          const taken: number[] = [];
          for (const item of company.scatter(items)) {
            taken.push(item);
            if (meets[item]) company.meet();
          }
          expect(taken.toSorted((a, b) => a - b)).toEqual(items);
        },
      ),
    );
  });
});

describe("four processes on one batch of many shards", () => {
  it("lose few races, and create each job once", async () => {
    const world = openWorld();
    world.traits.maxRequests = 1;
    let conflicts = 0;
    let chance = 0;
    const storage: typeof world.storage = {
      ...world.storage,
      async writeRecord(...args) {
        try {
          return await world.storage.writeRecord(...args);
        } catch (error) {
          conflicts += 1;
          throw error;
        }
      },
    };
    const ports = {
      ...world.ports,
      random() {
        chance = (chance + 0.381) % 1;
        return chance;
      },
    };
    const options = { ...optionsOf(world), storage, ports };
    const ids = Array.from({ length: 200 }, (_none, at) => chatLine(`id-${at}`));
    const batch = new TestBatch(await linesFile(ids), options);
    await batch.save();
    const four = [
      batch,
      ...(await Promise.all([1, 2, 3].map(() => TestBatch.load(batch.id, options)))),
    ];
    await Promise.all(four.map((one) => one.start()));
    expect(world.jobs).toHaveLength(200);
    // In step, as they are here, they meet more often than processes do.
    expect(conflicts).toBeLessThan(100);
    expect(await batch.wait()).toBe("completed");
  });
});
