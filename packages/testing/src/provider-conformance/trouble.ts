import type { CallContext } from "@langbatch/core";
import { expect } from "vitest";
import { contextOf, results } from "./calls.js";
import { collect } from "./collect.js";
import { end } from "./end.js";
import { journalOf } from "./journal-of.js";
import type { Need } from "./need.js";
import type { ProviderCheck } from "./provider-check.js";
import type { ProviderUnderTest } from "./provider-under-test.js";
import { required } from "./required.js";
import { type Submitted, submit } from "./submit.js";
import { expectLangBatchError, thrownBy } from "./thrown.js";

/** A call that may take its time. */
interface Call {
  readonly method: string;
  readonly needs?: readonly Need[];
  readonly call: (
    subject: ProviderUnderTest,
    known: Submitted,
    context: CallContext,
  ) => Promise<unknown>;
}

/** Those that ask the service, whoever runs the jobs. */
const askings: readonly Call[] = [
  {
    method: "upload",
    needs: ["upload"],
    call: async ({ provider }, { input }, context) => provider.upload?.(input, context),
  },
  {
    method: "create",
    needs: ["service"],
    call: async ({ provider }, { input, uploaded }, context) =>
      provider.create(input, uploaded, context),
  },
  {
    method: "get",
    needs: ["service"],
    call: async ({ provider }, { job }, context) => collect(provider.get([job.id], context)),
  },
  {
    method: "list",
    needs: ["service"],
    call: async ({ provider }, _, context) => collect(provider.list({ since: 0 }, context)),
  },
  {
    method: "cancel",
    needs: ["service"],
    call: async ({ provider }, { job }, context) => provider.cancel(job.id, context),
  },
  {
    method: "discard",
    needs: ["upload", "discard"],
    call: async ({ provider }, { uploaded }, context) =>
      provider.discard?.(required(uploaded), context),
  },
  {
    method: "input",
    needs: ["input"],
    call: async ({ provider }, { job }, context) =>
      collect(required(provider.input?.(job, context))),
  },
  {
    method: "clean",
    needs: ["clean"],
    call: async ({ provider }, { job }, context) => provider.clean?.(job, context),
  },
];

const resultsCall: Call = {
  method: "results",
  call: async (subject, { job }, context) => collect(results(subject, job, context)),
};

const runCall: Call = {
  method: "run",
  needs: ["run"],
  call: async (subject, { job, input }, context) =>
    collect(required(subject.provider.run?.(job, input, journalOf(subject, job), context))),
};

export const trouble: readonly ProviderCheck[] = [
  ...[...askings, resultsCall, runCall].map(
    ({ method, needs = [], call }): ProviderCheck => ({
      sentence: `rejects ${method} with the signal's reason where the signal is aborted already`,
      needs,
      async check(subject) {
        const submitted = await submit(subject);
        const known = { ...submitted, job: await end(subject, submitted) };
        const created = await subject.jobsCreated?.();
        const asked = await subject.requestsAsked?.();
        const reason = new Error("The caller has stopped waiting.");
        const context = { ...contextOf(subject), signal: AbortSignal.abort(reason) };
        expect(await thrownBy(() => call(subject, known, context))).toBe(reason);
        expect(await subject.jobsCreated?.()).toBe(created);
        expect(await subject.requestsAsked?.()).toBe(asked);
      },
    }),
  ),
  ...[...askings, { ...resultsCall, needs: ["service"] as const }].map(
    ({ method, needs = [], call }): ProviderCheck => ({
      sentence: `throws a LangBatchError from ${method} where the service does not answer`,
      needs: [...needs, "cutOff"],
      async check(subject) {
        const submitted = await submit(subject);
        const known = { ...submitted, job: await end(subject, submitted) };
        await subject.cutOff?.();
        const error = await thrownBy(() => call(subject, known, contextOf(subject)));
        expectLangBatchError(error);
        if (subject.secret !== undefined) expect(String(error)).not.toContain(subject.secret);
      },
    }),
  ),
];
