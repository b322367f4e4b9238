import type { Job, ResultLine, WireFormat } from "@langbatch/core";
import { results, traitsOf } from "./calls.js";
import { collect } from "./collect.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

export async function resultIds(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const { wire } = await traitsOf(subject);
  const lines = await resultLines(subject, job);
  return lines.map((line) => String(idOf(line, wire)));
}

/** Whom the whole lines among the results answer, each once, sorted. */
export async function answeredIds(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const { wire } = await traitsOf(subject);
  const ids = new Set<string>();
  for (const line of await resultLines(subject, job)) {
    try {
      const id = idOf(line, wire);
      if (id !== undefined) ids.add(id);
    } catch {
      // Core keeps a line that it cannot read as a stray.
    }
  }
  return [...ids].sort();
}

/** The results, without their empty lines. */
export async function resultLines(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const chunks = await collect(results(subject, job));
  const text = Buffer.concat(chunks).toString("utf8");
  return text.split(/\r?\n/).filter((line) => line !== "");
}

/** @throws where the line is none that can be read. */
function idOf(line: string, wire: WireFormat | undefined): string | undefined {
  const result: ResultLine | undefined | null = wire?.decode
    ? wire.decode(Buffer.from(line))
    : JSON.parse(line);
  return result?.custom_id;
}
