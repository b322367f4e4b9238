import type { Job, UploadedInput } from "@langbatch/core";
import { contextOf, upload } from "./calls.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { newInput, type TestInput } from "./test-input.js";
import { expectLangBatchError, thrownBy } from "./thrown.js";

/** A job, and what it was made from. */
export interface Submitted {
  readonly input: TestInput;
  readonly uploaded: UploadedInput | undefined;
  readonly job: Job;
}

export async function submit(subject: ProviderUnderTest, given?: TestInput): Promise<Submitted> {
  const input = given ?? (await newInput(subject));
  const uploaded = await upload(subject, input);
  const job = await subject.provider.create(input, uploaded, contextOf(subject));
  return { input, uploaded, job };
}

/** The ids of three jobs, oldest first. */
export async function submitSeveral(subject: ProviderUnderTest): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await submit(subject)).job.id);
  return ids;
}

/** What a spoilt create throws, and what it was asked with. */
export async function submitInVain(
  subject: ProviderUnderTest,
  how: "refused" | "no-room" | "answer-lost",
): Promise<Omit<Submitted, "job"> & { readonly error: unknown }> {
  const input = await newInput(subject);
  const uploaded = await upload(subject, input);
  await subject.failNextCreate?.(how);
  const error = await thrownBy(() => subject.provider.create(input, uploaded, contextOf(subject)));
  expectLangBatchError(error);
  return { input, uploaded, error };
}
