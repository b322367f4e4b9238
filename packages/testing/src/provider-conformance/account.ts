import { expect } from "vitest";
import { contextOf, list } from "./calls.js";
import { end } from "./end.js";
import { jobsSeen } from "./jobs-seen.js";
import type { ProviderCheck } from "./provider-check.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { submit } from "./submit.js";

export const account: readonly ProviderCheck[] = [
  {
    sentence: "names the same account at all times, at most its beginning before the first answer",
    needs: ["account"],
    async check(subject) {
      const before = await accountOf(subject);
      const submitted = await submit(subject);
      const after = await accountOf(subject);
      expect(after).toSatisfy((name) => isBeginning(before, name), `begins with ${before}`);
      if (!subject.provider.run) await list(subject, { since: 0 });
      await end(subject, submitted);
      expect(await accountOf(subject)).toBe(after);
    },
  },
  {
    sentence: "says of each job that it is in the account it names itself",
    needs: ["account"],
    async check(subject) {
      const seen = await jobsSeen(subject, await submit(subject));
      const own = await accountOf(subject);
      for (const { account: named } of seen) {
        expect(named).toSatisfy((name) => isBeginning(own, name), `begins with ${own}`);
      }
    },
  },
  {
    sentence: "keeps its secret out of the name of the account",
    needs: ["account", "secret"],
    async check(subject) {
      expect(await accountOf(subject)).not.toContain(subject.secret);
      await submit(subject);
      expect(await accountOf(subject)).not.toContain(subject.secret);
    },
  },
];

async function accountOf(subject: ProviderUnderTest): Promise<string> {
  const name = await subject.provider.account?.(contextOf(subject));
  // Parts that are empty would make any account the beginning of any other.
  expect(name).toMatch(/^[^/]+(\/[^/]+)*$/);
  return String(name);
}

/** Whether the parts of one name are the first parts of the other. */
function isBeginning(name: string, of: unknown): boolean {
  return typeof of === "string" && (of === name || of.startsWith(`${name}/`));
}
