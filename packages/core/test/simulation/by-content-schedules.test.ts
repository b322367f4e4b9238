import { describe, expect, it } from "vitest";
import { runCampaign, seededSchedule } from "./campaign.js";
import { describeFailures, seedsOf } from "./campaign-size.js";
import { runSchedule } from "./schedule.js";

const hourMs = 3_600_000;

describe("jobs that show nothing of where they came from, among other people's of the same size", () => {
  it(
    "are told by what they brought, created once, and never taken for another's",
    async () => {
      const seeds = seedsOf(10_000);
      const report = await runCampaign({ mode: "by-content", ...seeds });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBe(seeds.schedules);
    },
    hourMs,
  );

  it("do the same when their schedule is run again", async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const schedule = seededSchedule("by-content", seed);
      const [first, second] = [await runSchedule(schedule), await runSchedule(schedule)];
      expect(second.trace.hash, `seed ${seed}`).toBe(first.trace.hash);
    }
  });
});
