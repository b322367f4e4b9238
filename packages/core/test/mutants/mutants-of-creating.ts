import type { Mutant } from "./mutant.js";

/** Breaks of how a job is created, and of what is taken for its answer. */
export const mutantsOfCreating: readonly Mutant[] = [
  {
    name: "creates are retried",
    broken: "the client sends a create that failed up to three times",
    patches: [
      {
        file: "provider/guard-provider.ts",
        find: "call(context, (own) => provider.create(input, uploaded, own)),",
        replacement: `call(context, async (own) => {
        for (let sent = 1; ; sent += 1) {
          try {
            return await provider.create(input, uploaded, own);
          } catch (error) {
            const isFinal = LangBatchError.is(error, "rejected") || LangBatchError.is(error, "quota");
            if (isFinal || sent === 3 || own.signal?.aborted) throw error;
          }
        }
      }),`,
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "the heir sends",
    broken: "a life sends the create that it finds intended by another one",
    patches: [
      {
        file: "engine/next-step.ts",
        find: 'return isOnItsWay(job, now) ? { do: "wait", until: job.sendBy } : { do: "doubt" };',
        replacement: 'return { do: "create" };',
      },
      {
        file: "engine/perform.ts",
        find: "const age = sinceIntention();",
        replacement: "const age = sinceIntention() ?? 0;",
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "unclear is refused",
    broken: "an answer that says nothing clear is taken as a refusal",
    patches: [
      {
        file: "engine/perform.ts",
        find: 'return { came: "unanswered", answer: answerOf(error).slice(0, 4096) };',
        replacement: `const refusal = { code: "provider_failed", message: answerOf(error) };
      return { came: "refused", refusal, retryAt: engine.now() + firstRetryMs };`,
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "no send deadline",
    broken: "a create is sent however long ago it was intended",
    // Only where no input can be deleted: otherwise the fence makes it harmless.
    patches: [
      {
        file: "engine/next-step.ts",
        find: "return now < job.sendBy && !job.cancelRequested",
        replacement: "return !job.cancelRequested",
      },
      {
        file: "engine/perform.ts",
        find: 'if (leftMs <= 0) return { came: "released" };',
        replacement: "",
      },
      {
        file: "engine/perform.ts",
        find: "const signal = ports.timeout(leftMs);",
        replacement: "const { signal } = new AbortController();",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 1500 },
  },
  {
    name: "the user aborts a create",
    broken: "the user's signal stops a create that is on its way",
    // Nothing is paid twice, but half an hour is lost: the simulated client tells.
    patches: [
      {
        file: "engine/perform.ts",
        find: "return create(engine, shard, job as JobRecord & CreatingJob, hands);",
        replacement: "return create(engine, shard, job as JobRecord & CreatingJob, hands, signal);",
      },
      {
        file: "engine/perform.ts",
        find: "  { openInput, sinceIntention }: Hands,\n",
        replacement: "  { openInput, sinceIntention }: Hands,\n  wish?: AbortSignal,\n",
      },
      {
        file: "engine/perform.ts",
        find: "const signal = ports.timeout(leftMs);",
        replacement:
          "const signal = AbortSignal.any([ports.timeout(leftMs), ...(wish ? [wish] : [])]);",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 3000 },
  },
];
