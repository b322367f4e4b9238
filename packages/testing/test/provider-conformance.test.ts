import { describe, expect, it } from "vitest";
import { providerContract } from "../src/provider-conformance/contract.js";
import { describeProvider } from "../src/provider-conformance/describe-provider.js";
import { offers } from "../src/provider-conformance/need.js";
import { provideFromMemory } from "./support/memory-provider.js";
import { wrongAccounts } from "./support/wrong-accounts.js";
import { wrongCalls } from "./support/wrong-calls.js";
import { wrongCreates } from "./support/wrong-creates.js";
import { wrongKeepers } from "./support/wrong-keepers.js";
import { wrongLooks } from "./support/wrong-looks.js";
import { wrongResults } from "./support/wrong-results.js";
import { wrongWords } from "./support/wrong-words.js";

const wrongProviders = [
  ...wrongWords,
  ...wrongCreates,
  ...wrongLooks,
  ...wrongResults,
  ...wrongCalls,
  ...wrongAccounts,
  ...wrongKeepers,
];

const families = ["search", "token", "content"] as const;

for (const family of families) {
  describeProvider(`a right provider whose lost jobs are found by ${family}`, {
    create: async () => provideFromMemory(family),
  });
}

describe("the provider suite", () => {
  const sentences = providerContract.map(({ sentence }) => sentence);

  it("has one test for each sentence", () => {
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it("has no sentence that every provider keeps", () => {
    const broken = new Set(wrongProviders.flatMap(({ breaks }) => breaks));
    expect(sentences.filter((sentence) => !broken.has(sentence))).toEqual([]);
  });

  for (const { fault, change, breaks } of wrongProviders) {
    it(`catches a provider that ${fault}`, async () => {
      for (const broken of breaks) {
        const found = providerContract.find(({ sentence }) => sentence === broken);
        if (!found) return expect.fail(`The suite does not say that a provider ${broken}.`);
        const { needs = [], check } = found;
        const family = families.find((name) => needs.includes(name)) ?? "search";
        const right = provideFromMemory(family);
        const subject = { ...right, provider: { ...right.provider, ...change(right.provider) } };
        for (const need of needs) expect(await offers(subject, need), need).toBe(true);
        await expect(check(subject), broken).rejects.toThrow();
      }
    });
  }
});
