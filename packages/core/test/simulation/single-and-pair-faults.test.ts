import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.js";
import { describeFailures, part } from "./campaign-size.js";

const hourMs = 3_600_000;

describe("every fault that an effect can have", () => {
  it(
    "alone leaves every result home, exactly once, and paid once",
    async () => {
      const report = await runCampaign({ mode: "single-faults", seed: 1 });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBeGreaterThan(250);
    },
    hourMs,
  );

  it(
    "and every other that comes after it leave every result home, exactly once, and paid once",
    async () => {
      const report = await runCampaign({ mode: "pair-faults", seed: 1, part });
      expect(describeFailures(report)).toBe("");
      expect(report.schedules).toBeGreaterThan(20_000 / part.of);
    },
    hourMs,
  );
});
