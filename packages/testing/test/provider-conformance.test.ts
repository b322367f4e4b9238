import type { BatchProvider } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { providerContract } from "../src/provider-conformance/contract.js";
import { describeProvider } from "../src/provider-conformance/describe-provider.js";
import { type Need, offers } from "../src/provider-conformance/need.js";
import type { ProviderUnderTest } from "../src/provider-conformance/provider-under-test.js";
import { provideFromMemory } from "./support/memory-provider.js";
import { provideByRunning } from "./support/running-provider.js";
import { wrongAccounts } from "./support/wrong-accounts.js";
import { wrongCalls } from "./support/wrong-calls.js";
import { wrongCreates } from "./support/wrong-creates.js";
import { wrongJournals } from "./support/wrong-journals.js";
import { wrongKeepers } from "./support/wrong-keepers.js";
import { wrongLooks } from "./support/wrong-looks.js";
import type { WrongProvider } from "./support/wrong-provider.js";
import { wrongResults } from "./support/wrong-results.js";
import { wrongRuns } from "./support/wrong-runs.js";
import { wrongWords } from "./support/wrong-words.js";

const families = ["search", "token", "content"] as const;

const wrongProviders = [
  ...[
    ...wrongWords,
    ...wrongCreates,
    ...wrongLooks,
    ...wrongResults,
    ...wrongCalls,
    ...wrongAccounts,
    ...wrongKeepers,
  ].map((wrong) =>
    spoilt(wrong, (needs) =>
      provideFromMemory(families.find((name) => needs.includes(name)) ?? "search"),
    ),
  ),
  ...[...wrongRuns, ...wrongJournals].map((wrong) => spoilt(wrong, provideByRunning)),
];

/** A provider with a fault, made anew for each sentence out of a right one that offers what it needs. */
function spoilt<Right extends BatchProvider>(
  { fault, breaks, change }: WrongProvider<Right>,
  provide: (needs: readonly Need[]) => ProviderUnderTest & { readonly provider: Right },
) {
  return {
    fault,
    breaks,
    create(needs: readonly Need[]): ProviderUnderTest {
      const right = provide(needs);
      return { ...right, provider: { ...right.provider, ...change(right.provider) } };
    },
  };
}

for (const family of families) {
  describeProvider(`a right provider whose lost jobs are found by ${family}`, {
    create: async () => provideFromMemory(family),
  });
}

describeProvider("a right provider that runs jobs itself", {
  create: async () => provideByRunning(),
});

describe("the provider suite", () => {
  const sentences = providerContract.map(({ sentence }) => sentence);

  it("has one test for each sentence", () => {
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it("has no sentence that every provider keeps", () => {
    const broken = new Set(wrongProviders.flatMap(({ breaks }) => breaks));
    expect(sentences.filter((sentence) => !broken.has(sentence))).toEqual([]);
  });

  for (const { fault, breaks, create } of wrongProviders) {
    it(`catches a provider that ${fault}`, async () => {
      for (const broken of breaks) {
        const found = providerContract.find(({ sentence }) => sentence === broken);
        if (!found) return expect.fail(`The suite does not say that a provider ${broken}.`);
        const { needs = [], check } = found;
        const subject = create(needs);
        for (const need of needs) expect(await offers(subject, need), need).toBe(true);
        await expect(check(subject), broken).rejects.toThrow();
      }
    });
  }
});
