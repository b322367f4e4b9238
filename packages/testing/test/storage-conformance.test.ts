import { memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { storageContract } from "../src/storage-conformance/contract.js";
import { describeStorage } from "../src/storage-conformance/describe-storage.js";
import { brokenBlobs } from "./support/broken-blobs.js";
import { brokenListingAndRemoval } from "./support/broken-listing-and-removal.js";
import { brokenRecords } from "./support/broken-records.js";

describeStorage("memoryStorage", {
  create: async () => ({ storage: memoryStorage(), dispose: async () => {} }),
});

describe("the storage suite", () => {
  it("has one test for each sentence", () => {
    const sentences = storageContract.map(({ sentence }) => sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  for (const { fault, create, breaks } of [
    ...brokenRecords,
    ...brokenBlobs,
    ...brokenListingAndRemoval,
  ]) {
    it(`catches a storage that ${fault}`, { timeout: 60_000 }, async () => {
      const check = storageContract.find(({ sentence }) => sentence === breaks)?.check;
      if (!check) return expect.fail(`The suite does not say that a storage ${breaks}.`);
      const outcome = check(create(), async () => expect.fail("nothing to reopen"));
      await expect(outcome).rejects.toThrow();
    });
  }
});
