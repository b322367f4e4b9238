import { describe, expect, it } from "vitest";
import { seededSchedule } from "../../../core/test/simulation/campaign.js";
import { seedsOf } from "../../../core/test/simulation/campaign-size.js";
import { runSchedule } from "../../../core/test/simulation/schedule.js";
import { localRuns } from "./local-runs.js";

const hourMs = 3_600_000;

describe("jobs that run in the processes that wait, by any schedule of faults", () => {
  it(
    "ask nothing again that is answered, and lose no answer",
    async () => {
      const { seed: first, schedules } = seedsOf(2_000);
      for (let seed = first; seed < first + schedules; seed += 1) {
        const schedule = { ...seededSchedule("runs-here", seed), makeRunner: localRuns };
        const { broken } = await runSchedule(schedule);
        expect(broken, `seed ${seed}`).toBeUndefined();
      }
    },
    hourMs,
  );
});
