import type { BatchProvider } from "@langbatch/core";
import { afterEach, beforeEach, describe, it } from "vitest";
import { providerContract } from "./contract.js";
import { offers } from "./need.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

/** What {@link describeProvider} needs to know. */
export interface ProviderSuiteOptions {
  /** Makes a fresh provider and server; called before each test. */
  create(): Promise<ProviderUnderTest>;
}

/**
 * Declares one Vitest test for each sentence of the {@link BatchProvider} contract. A provider that
 * passes them all neither pays for a job twice nor loses one. What the provider does not declare, and
 * the server cannot do, is reported as skipped: offer `jobsCreated` and `failNextCreate` at least, or
 * `requestsAsked` where the provider has `run`, for what they prove costs money where it is wrong.
 */
export function describeProvider(name: string, options: ProviderSuiteOptions): void {
  describe(name, { timeout: 60_000 }, () => {
    let subject: ProviderUnderTest;

    beforeEach(async () => {
      subject = await options.create();
    });

    afterEach(async () => {
      await subject.dispose();
    });

    for (const { sentence, needs = [], check } of providerContract) {
      it(sentence, async ({ skip }) => {
        for (const need of needs) {
          if (!(await offers(subject, need))) skip(`not offered: ${need}`);
        }
        await check(subject);
      });
    }
  });
}
