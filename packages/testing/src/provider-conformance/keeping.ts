import type { Job, ShardInput } from "@langbatch/core";
import { expect } from "vitest";
import { contextOf, get } from "./calls.js";
import { collect } from "./collect.js";
import { end } from "./end.js";
import type { ProviderCheck } from "./provider-check.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { required } from "./required.js";
import { resultIds, resultLines } from "./result-lines.js";
import { stored } from "./stored.js";
import { submit } from "./submit.js";
import { idsOf, newInput } from "./test-input.js";
import { codeOf, expectLangBatchError, thrownBy } from "./thrown.js";

/** What the service keeps of a job: its input and its results. */
export const keeping: readonly ProviderCheck[] = [
  {
    sentence: "gives back the request lines a job was made from, also of one read from the storage",
    needs: ["service", "input"],
    async check(subject) {
      await submit(subject);
      const submitted = await submit(subject, await newInput(subject));
      const [running] = await get(subject, [submitted.job.id]);
      for (const job of [required(running), stored(await end(subject, submitted))]) {
        await expectInput(subject, job, submitted.input);
      }
    },
  },
  {
    sentence: "says `not_found` where the input of a job was discarded",
    needs: ["input", "upload", "discard"],
    async check(subject) {
      const submitted = await submit(subject);
      const ended = await end(subject, submitted);
      await subject.provider.discard?.(required(submitted.uploaded), contextOf(subject));
      await expectInputGone(subject, ended);
    },
  },
  {
    sentence: "says `not_found` where the input of a job was cleaned away",
    needs: ["input", "clean"],
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      await clean(subject, ended);
      await expectInputGone(subject, ended);
    },
  },
  {
    sentence: "brings no results of a job that was cleaned away, also of one read from the storage",
    needs: ["service", "clean"],
    async check(subject) {
      const ended = stored(await end(subject, await submit(subject)));
      await clean(subject, ended);
      let lines: readonly string[] = [];
      try {
        lines = await resultLines(subject, ended);
      } catch (error) {
        expectLangBatchError(error);
      }
      expect(lines).toEqual([]);
    },
  },
  {
    sentence: "does not mind cleaning away what is gone already, or what brought nothing",
    needs: ["clean", "failNextJob"],
    async check(subject) {
      await subject.failNextJob?.();
      const failed = await end(subject, await submit(subject));
      const ended = await end(subject, await submit(subject, await newInput(subject)));
      for (const job of [failed, ended, failed, ended]) await clean(subject, job);
    },
  },
  {
    sentence: "cleans away nothing of other jobs",
    needs: ["clean"],
    async check(subject) {
      const other = await submit(subject);
      const submitted = await submit(subject, await newInput(subject));
      await clean(subject, await end(subject, submitted));
      const ended = await end(subject, other);
      expect((await resultIds(subject, ended)).sort()).toEqual(idsOf(other.input));
      if (subject.provider.input) await expectInput(subject, ended, other.input);
    },
  },
];

async function clean(subject: ProviderUnderTest, job: Job): Promise<void> {
  await subject.provider.clean?.(job, contextOf(subject));
}

async function expectInput(
  subject: ProviderUnderTest,
  job: Job,
  { data }: ShardInput,
): Promise<void> {
  expect(await inputLines(subject, job)).toEqual(linesOf(await data.text()));
}

async function expectInputGone(subject: ProviderUnderTest, job: Job): Promise<void> {
  expect(codeOf(await thrownBy(() => inputLines(subject, job)))).toBe("not_found");
}

async function inputLines(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const chunks = await collect(required(subject.provider.input?.(job, contextOf(subject))));
  return linesOf(Buffer.concat(chunks).toString("utf8"));
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}
