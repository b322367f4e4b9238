import { describe, expect, it } from "vitest";
import { runCampaign, seededSchedule } from "./campaign.js";
import { describeFailures, seedsOf } from "./campaign-size.js";
import { faultsOf } from "./faults.js";
import { runSchedule } from "./schedule.js";

const hourMs = 3_600_000;

describe("jobs that run in the processes that wait for them", () => {
  it(
    "ask nothing again that is answered, and lose no answer",
    async () => {
      const seeds = seedsOf(4_000);
      const report = await runCampaign({ mode: "runs-here", ...seeds });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBe(seeds.schedules);

      if (seeds.schedules < 1_000) return;
      const expected = (["append", "ask"] as const).flatMap((effect) =>
        faultsOf[effect].map((fault) => `${effect}: ${fault}`),
      );
      expect(expected.filter((name) => !report.occurred.has(name))).toEqual([]);
    },
    hourMs,
  );

  it("do the same when their schedule is run again", async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const schedule = seededSchedule("runs-here", seed);
      const [first, second] = [await runSchedule(schedule), await runSchedule(schedule)];
      expect(second.trace.hash, `seed ${seed}`).toBe(first.trace.hash);
    }
  });
});
