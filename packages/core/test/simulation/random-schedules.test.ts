import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.js";
import { describeFailures, seedsOf } from "./campaign-size.js";
import { faultsOf } from "./faults.js";
import { runSchedule } from "./schedule.js";

const hourMs = 3_600_000;

/** Effects that the script of a life never has, and those of jobs that run in its process. */
const unused: ReadonlySet<string> = new Set(["list-keys", "cancel", "append", "ask"]);
/** Where one is rare, its faults are rarer. */
const rare: ReadonlySet<string> = new Set(["remove", "clean", "discard"]);

describe("a process that fails at any point, again and again", () => {
  it(
    "brings every result home, exactly once, and pays once",
    async () => {
      const seeds = seedsOf(100_000);
      const report = await runCampaign({ mode: "random", ...seeds });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBe(seeds.schedules);

      if (seeds.schedules < 20_000) return;
      const expected = Object.entries(faultsOf).flatMap(([effect, faults]) =>
        unused.has(effect) || rare.has(effect) ? [] : faults.map((fault) => `${effect}: ${fault}`),
      );
      expect(expected.filter((name) => !report.occurred.has(name))).toEqual([]);
    },
    hourMs,
  );

  it("does the same when its schedule is run again", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const [first, second] = [
        await runSchedule({ seed, processes: 2 }),
        await runSchedule({ seed, processes: 2, keepsLines: true }),
      ];
      expect(second.trace.hash, `seed ${seed}`).toBe(first.trace.hash);
      expect(second.effects.length, `seed ${seed}`).toBe(first.effects.length);
    }
  });

  it("does something else under another seed", async () => {
    const hashes = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      hashes.add((await runSchedule({ seed })).trace.hash);
    }
    expect(hashes.size).toBe(20);
  });
});
