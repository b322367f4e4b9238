import { expect } from "vitest";
import { results as resultsOf } from "./calls.js";
import { end } from "./end.js";
import type { ProviderCheck } from "./provider-check.js";
import { resultIds, resultLines } from "./result-lines.js";
import { stored } from "./stored.js";
import { submit } from "./submit.js";
import { idsOf } from "./test-input.js";

export const results: readonly ProviderCheck[] = [
  {
    sentence:
      "brings one line for every request, each with its custom_id, a line end between any two",
    async check(subject) {
      const submitted = await submit(subject);
      const ended = await end(subject, submitted);
      expect((await resultIds(subject, ended)).sort()).toEqual(idsOf(submitted.input));
    },
  },
  {
    sentence: "brings the results of a job that another process has read from the storage",
    async check(subject) {
      const submitted = await submit(subject);
      const ended = stored(await end(subject, submitted));
      expect((await resultIds(subject, ended)).sort()).toEqual(idsOf(submitted.input));
    },
  },
  {
    sentence: "brings the same results again when they are asked for again",
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      const first = await resultIds(subject, ended);
      expect((await resultIds(subject, ended)).sort()).toEqual(first.sort());
    },
  },
  {
    sentence: "lets a reader stop before the end of the results",
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      for await (const _ of resultsOf(subject, ended)) break;
    },
  },
  {
    sentence: "brings nothing but line ends where the job brought nothing",
    needs: ["failNextJob"],
    async check(subject) {
      await subject.failNextJob?.();
      const ended = await end(subject, await submit(subject));
      expect(await resultLines(subject, ended)).toEqual([]);
    },
  },
];
