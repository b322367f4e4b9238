import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.js";
import { describeFailures, seedsOf } from "./campaign-size.js";
import { runSchedule } from "./schedule.js";

const hourMs = 3_600_000;

describe("a batch of many jobs and rounds, in processes that fail at any point", () => {
  it(
    "is paid for once in each round, asks for no success again, and keeps to its limits",
    async () => {
      const seeds = seedsOf(8_000);
      const report = await runCampaign({ mode: "many-shards", ...seeds });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBe(seeds.schedules);
    },
    hourMs,
  );

  it("does the same when its schedule is run again", async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const schedule = { seed, processes: 1 + (seed % 2), hasManyShards: true };
      const [first, second] = [await runSchedule(schedule), await runSchedule(schedule)];
      expect(second.trace.hash, `seed ${seed}`).toBe(first.trace.hash);
    }
  });
});
