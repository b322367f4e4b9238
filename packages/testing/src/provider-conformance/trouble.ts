import type { BatchProvider, CallContext } from "@langbatch/core";
import { expect } from "vitest";
import { contextOf } from "./calls.js";
import { collect } from "./collect.js";
import { end } from "./end.js";
import type { Need } from "./need.js";
import type { ProviderCheck } from "./provider-check.js";
import { required } from "./required.js";
import { type Submitted, submit } from "./submit.js";
import { expectLangBatchError, thrownBy } from "./thrown.js";

/** A call that asks the service. */
interface Asking {
  readonly method: string;
  readonly needs?: readonly Need[];
  readonly call: (
    provider: BatchProvider,
    known: Submitted,
    context: CallContext,
  ) => Promise<unknown>;
}

const askings: readonly Asking[] = [
  {
    method: "upload",
    needs: ["upload"],
    call: async (provider, { input }, context) => provider.upload?.(input, context),
  },
  {
    method: "create",
    call: async (provider, { input, uploaded }, context) =>
      provider.create(input, uploaded, context),
  },
  {
    method: "get",
    call: async (provider, { job }, context) => collect(provider.get([job.id], context)),
  },
  {
    method: "list",
    call: async (provider, _, context) => collect(provider.list({ since: 0 }, context)),
  },
  {
    method: "cancel",
    call: async (provider, { job }, context) => provider.cancel(job.id, context),
  },
  {
    method: "results",
    call: async (provider, { job }, context) => collect(provider.results(job, context)),
  },
  {
    method: "discard",
    needs: ["upload", "discard"],
    call: async (provider, { uploaded }, context) =>
      provider.discard?.(required(uploaded), context),
  },
  {
    method: "input",
    needs: ["input"],
    call: async (provider, { job }, context) => collect(required(provider.input?.(job, context))),
  },
  {
    method: "clean",
    needs: ["clean"],
    call: async (provider, { job }, context) => provider.clean?.(job, context),
  },
];

export const trouble: readonly ProviderCheck[] = [
  ...askings.map(
    ({ method, needs = [], call }): ProviderCheck => ({
      sentence: `rejects ${method} with the signal's reason where the signal is aborted already`,
      needs,
      async check(subject) {
        const submitted = await submit(subject);
        const known = { ...submitted, job: await end(subject, submitted) };
        const created = await subject.jobsCreated?.();
        const reason = new Error("The caller has stopped waiting.");
        const context = { ...contextOf(subject), signal: AbortSignal.abort(reason) };
        expect(await thrownBy(() => call(subject.provider, known, context))).toBe(reason);
        expect(await subject.jobsCreated?.()).toBe(created);
      },
    }),
  ),
  ...askings.map(
    ({ method, needs = [], call }): ProviderCheck => ({
      sentence: `throws a LangBatchError from ${method} where the service does not answer`,
      needs: [...needs, "cutOff"],
      async check(subject) {
        const submitted = await submit(subject);
        const known = { ...submitted, job: await end(subject, submitted) };
        await subject.cutOff?.();
        const error = await thrownBy(() => call(subject.provider, known, contextOf(subject)));
        expectLangBatchError(error);
        if (subject.secret !== undefined) expect(String(error)).not.toContain(subject.secret);
      },
    }),
  ),
];
