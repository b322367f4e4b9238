import type { Storage } from "@langbatch/core";
import { afterEach, beforeEach, describe, it } from "vitest";
import { storageContract } from "./contract.js";
import { required } from "./required.js";

/** A storage to prove. */
export interface StorageUnderTest {
  /** Empty, and shared with nobody. */
  readonly storage: Storage;
  /** Called after the test: deletes what the storage kept. */
  dispose(): Promise<void>;
  /**
   * Opens the same storage once more, as another process would. Leave it out where nothing outlives
   * the first handle: the checks that need it are then skipped.
   */
  reopen?(): Promise<Storage>;
}

/** What {@link describeStorage} needs to know. */
export interface StorageSuiteOptions {
  /** Makes a fresh storage; called before each test. */
  create(): Promise<StorageUnderTest>;
}

/**
 * Declares one Vitest test for each sentence of the {@link Storage} contract. A storage that passes
 * them all may hold batches that cost money. Methods and handles that a storage does not offer are
 * reported as skipped. Give a remote storage an emulator: some tests write a thousand records.
 */
export function describeStorage(name: string, options: StorageSuiteOptions): void {
  describe(name, { timeout: 120_000 }, () => {
    let subject: StorageUnderTest;

    beforeEach(async () => {
      subject = await options.create();
    });

    afterEach(async () => {
      await subject.dispose();
    });

    for (const { sentence, needs, check } of storageContract) {
      it(sentence, async ({ skip }) => {
        const { storage } = subject;
        const offered = needs === "reopen" ? subject.reopen : needs && storage[needs];
        if (needs && !offered) skip(`the storage offers no ${needs}`);
        await check(storage, () => required(subject.reopen, "reopen").call(subject));
      });
    }
  });
}
