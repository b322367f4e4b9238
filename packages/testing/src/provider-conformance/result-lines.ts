import type { Job } from "@langbatch/core";
import { contextOf, traitsOf } from "./calls.js";
import { collect } from "./collect.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

export async function resultIds(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const { wire } = await traitsOf(subject);
  const lines = await resultLines(subject, job);
  return lines.map((line) => {
    const result = wire?.decode ? wire.decode(Buffer.from(line)) : JSON.parse(line);
    return result?.custom_id;
  });
}

/** The results, without their empty lines. */
export async function resultLines(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const chunks = await collect(subject.provider.results(job, contextOf(subject)));
  const text = Buffer.concat(chunks).toString("utf8");
  return text.split(/\r?\n/).filter((line) => line !== "");
}
