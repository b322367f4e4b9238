import type { CallContext, Job, ProviderTraits, ShardInput, UploadedInput } from "@langbatch/core";
import { collect } from "./collect.js";
import { journalOf } from "./journal-of.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

export function contextOf({ endpoint }: ProviderUnderTest): CallContext {
  return { endpoint };
}

export function traitsOf(subject: ProviderUnderTest): Promise<ProviderTraits> {
  return subject.provider.traits(contextOf(subject));
}

export async function upload(
  { provider, endpoint }: ProviderUnderTest,
  input: ShardInput,
): Promise<UploadedInput | undefined> {
  return provider.upload?.(input, { endpoint });
}

export async function get(subject: ProviderUnderTest, ids: readonly string[]): Promise<Job[]> {
  return collect(subject.provider.get(ids, contextOf(subject)));
}

export async function list(
  subject: ProviderUnderTest,
  query: { readonly since: number; readonly tag?: string },
): Promise<Job[]> {
  return collect(subject.provider.list(query, contextOf(subject)));
}

/** What a job brought, as far as its journal has it where the provider runs jobs. */
export function results(
  subject: ProviderUnderTest,
  job: Job,
  context: CallContext = contextOf(subject),
): AsyncIterable<Uint8Array> {
  const { provider } = subject;
  return provider.results(job, context, provider.run && journalOf(subject, job));
}
