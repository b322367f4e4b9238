import { it } from "vitest";
import { expectExactlyOnce, firstSeed, runs } from "./many-runs.js";

// Not a claim about speed: as long as the number of runs may ask for on a slow machine.
const longestMs = 1_800_000;

it(
  `a script killed with SIGKILL at random moments and started again pays for each request once and gets each result once (${runs} runs from seed ${firstSeed})`,
  async () => {
    await expectExactlyOnce({ chaos: false });
  },
  longestMs,
);
