import { expect } from "vitest";
import { traitsOf } from "./calls.js";
import { end } from "./end.js";
import { expectPlainJson } from "./expect-plain-json.js";
import { journalOf } from "./journal-of.js";
import type { ProviderCheck } from "./provider-check.js";
import { submit } from "./submit.js";

export const description: readonly ProviderCheck[] = [
  {
    sentence: "speaks version 1 of the contract",
    async check({ provider }) {
      expect(provider.specVersion).toBe(1);
    },
  },
  {
    sentence: "has an id that is lower-case and stays the same",
    async check({ provider }) {
      const { id } = provider;
      expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(provider.id).toBe(id);
    },
  },
  {
    sentence: "has settings that are plain JSON, so that storing them loses nothing",
    async check({ provider }) {
      expectPlainJson(provider.settings);
    },
  },
  {
    sentence: "keeps its secret out of all that is stored: settings, uploads, jobs and journals",
    needs: ["secret"],
    async check(subject) {
      const { provider } = subject;
      const submitted = await submit(subject);
      const ended = await end(subject, submitted);
      const journal = journalOf(subject, submitted.job).bytes.toString("utf8");
      const stored = JSON.stringify([provider.id, provider.settings, submitted, ended, journal]);
      expect(stored).not.toContain(subject.secret);
    },
  },
  {
    sentence: "has limits that are whole numbers from 1 on and do not contradict each other",
    async check(subject) {
      const { minRequests, maxRequests, maxLineBytes, maxBytes, collectWithinMs } =
        await traitsOf(subject);
      for (const limit of [minRequests ?? 1, maxRequests, maxLineBytes ?? maxBytes, maxBytes]) {
        expect(limit).toSatisfy(Number.isSafeInteger);
        expect(limit).toBeGreaterThanOrEqual(1);
      }
      expect(minRequests ?? 1).toBeLessThanOrEqual(maxRequests);
      expect(maxLineBytes ?? maxBytes).toBeLessThanOrEqual(maxBytes);
      if (collectWithinMs !== undefined) expect(collectWithinMs).toBeGreaterThan(0);
    },
  },
  {
    sentence: "takes the ids that requests go by where it restricts ids",
    async check(subject) {
      const { wireId = /./, wire } = await traitsOf(subject);
      const longest = `${"z9".repeat(12)}R999999999N${"z".repeat(9)}`;
      for (const id of [`${"0".repeat(20)}R0N0`, longest]) {
        expect(wire ? wireId.test(id) : true, id).toBe(true);
      }
    },
  },
  {
    sentence: "says how a lost create is found again, and whether a job has one model",
    async check(subject) {
      const { recovery, oneModel } = await traitsOf(subject);
      expect(recovery).toBeOneOf(["token", "search", "content"]);
      expect(oneModel).toBeTypeOf("boolean");
    },
  },
];
