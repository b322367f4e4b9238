import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.js";
import { describeFailures, seedsOf } from "./campaign-size.js";

const hourMs = 3_600_000;

describe("a create that is lost and takes effect, where looking takes long and clocks go wrong", () => {
  it(
    "is found, or fails, before it is sent again: one job is billed",
    async () => {
      const seeds = seedsOf(10_000);
      const report = await runCampaign({ mode: "lost-creates", ...seeds });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBe(seeds.schedules);
    },
    hourMs,
  );
});
