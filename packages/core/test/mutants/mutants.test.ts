import { describe, expect, it } from "vitest";
import { part } from "../simulation/campaign-size.js";
import { allMutants } from "./all-mutants.js";
import { runMutant } from "./run-mutant.js";

const quarterHourMs = 900_000;

/** What only a broken invariant prints: a copy that does not even run proves nothing. */
const brokenInvariant = /npm run simulate -- .* --replay/;

// Once is enough: where the schedules are shared out, the first part has the mutants.
describe.runIf(part.number === 1)("the simulation notices when", () => {
  for (const { name, broken, patches, killedBy } of allMutants) {
    it(
      `${broken} (${name})`,
      async () => {
        const { exitCode, output } = await runMutant(patches, killedBy);
        expect(output).toMatch(brokenInvariant);
        expect(exitCode).toBe(1);
      },
      quarterHourMs,
    );
  }

  // That the copies say nothing by themselves. That the source does not is what the campaigns play:
  // the same schedules, and many times as many of them as any mutant needs.
  const modes = [...new Set(allMutants.map(({ killedBy }) => killedBy.mode))];

  it.each(modes)(
    "nothing is broken: then it says nothing (%s)",
    async (mode) => {
      const { exitCode, output } = await runMutant([], { mode, schedules: 200 });
      expect(output).not.toMatch(brokenInvariant);
      expect(exitCode).toBe(0);
    },
    quarterHourMs,
  );
});
