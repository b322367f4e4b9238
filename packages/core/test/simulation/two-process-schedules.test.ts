import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.js";
import { describeFailures, seedsOf } from "./campaign-size.js";

const hourMs = 3_600_000;

describe("two processes that work on one batch, each paused and killed at any point", () => {
  it(
    "both get every result, exactly once, and pay once together",
    async () => {
      const seeds = seedsOf(20_000);
      const report = await runCampaign({ mode: "two-processes", ...seeds });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBe(seeds.schedules);
    },
    hourMs,
  );
});
