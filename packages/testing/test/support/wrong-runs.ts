import { type Job, type Journal, LangBatchError } from "@langbatch/core";
import { secret } from "./memory-provider.js";
import type { RunningProvider } from "./running-provider.js";
import type { WrongProvider } from "./wrong-provider.js";

/** Wrong in how they run jobs, and in what they say of it. */
export const wrongRuns: readonly WrongProvider<RunningProvider>[] = [
  {
    fault: "names a job anew each time it is asked to create it",
    change: (right) => {
      let named = 0;
      return {
        async create(input, ...args) {
          named += 1;
          return right.create({ ...input, tag: `${input.tag}-${named}` }, ...args);
        },
      };
    },
    breaks: ["names the same job for the same input, and asks nothing while it only names it"],
  },
  {
    fault: "runs a job when it only names it",
    change: (right) => ({
      async create(input, uploaded, context) {
        const job = await right.create(input, uploaded, context);
        for await (const _ of right.run(job, input, lostJournal(), context));
        return job;
      },
    }),
    breaks: [
      "names the same job for the same input, and asks nothing while it only names it",
      "asks every request once",
    ],
  },
  {
    fault: "names every job alike",
    change: (right) => ({
      create: async (...args) => ({ ...(await right.create(...args)), id: "job" }),
    }),
    breaks: ["gives two jobs of the same input two ids"],
  },
  {
    fault: "asks first whether anybody answers",
    change: (right) => ({
      async *run(job, input, journal, context) {
        for await (const { counts } of right.run(job, input, lostJournal(), context)) {
          if (counts?.completed === 1) break;
        }
        yield* right.run(job, input, journal, context);
      },
    }),
    breaks: ["asks every request once", "asks nothing again of which the journal has the answer"],
  },
  {
    fault: "says where it runs a job",
    change: sayingWhileItRuns((job) => ({ ...job, id: `${job.id}@this-process` })),
    breaks: ["yields the job that it runs and no other, as plain JSON, and its end last"],
  },
  {
    fault: "yields a field that is undefined",
    change: sayingWhileItRuns((job) => ({ ...job, report: undefined }) as never),
    breaks: [
      "yields the job that it runs and no other, as plain JSON, and its end last",
      "gives back jobs that are plain JSON, so that storing them loses nothing",
    ],
  },
  {
    fault: "calls a job completed with its last request under way",
    change: sayingWhileItRuns((job) => {
      const { completed = 0, total = 0 } = job.counts ?? {};
      return completed < total - 1 ? job : { ...job, status: "completed" };
    }),
    breaks: ["yields the job that it runs and no other, as plain JSON, and its end last"],
  },
  {
    fault: "never says that a job has ended",
    change: sayingWhileItRuns((job) => ({ ...job, status: "in_progress" })),
    breaks: [
      "sees that a job is completed",
      "yields the job that it runs and no other, as plain JSON, and its end last",
    ],
  },
  {
    fault: "counts what this run has asked",
    change: (right) => ({
      async *run(...args) {
        let before: number | undefined;
        for await (const { counts, ...job } of right.run(...args)) {
          const { total = 0, completed = 0 } = counts ?? {};
          before ??= completed;
          yield { ...job, counts: { total, completed: completed - before, failed: 0 } };
        }
      },
    }),
    breaks: ["counts in its last word every request, also those that an earlier run has answered"],
  },
  {
    fault: "does not look at the signal",
    change: (right) => ({
      run: (job, input, journal, { endpoint }) => right.run(job, input, journal, { endpoint }),
      results: (job, { endpoint }, journal) => right.results(job, { endpoint }, journal),
    }),
    breaks: [
      "rejects run with the signal's reason where the signal is aborted already",
      "rejects results with the signal's reason where the signal is aborted already",
      "stops with the signal's reason while it runs, and leaves whole lines in its journal",
    ],
  },
  {
    fault: "looks at the signal only when it begins",
    change: (right) => ({
      async *run(job, input, journal, { endpoint, signal }) {
        signal?.throwIfAborted();
        yield* right.run(job, input, journal, { endpoint });
      },
    }),
    breaks: ["stops with the signal's reason while it runs, and leaves whole lines in its journal"],
  },
  {
    fault: "ends a job when it is only to stop",
    change: (right) => ({
      async *run(job, input, journal, context) {
        try {
          yield* right.run(job, input, journal, context);
        } catch (error) {
          if (error !== context.signal?.reason) throw error;
          yield { ...job, status: "cancelled" };
        }
      },
    }),
    breaks: [
      "rejects run with the signal's reason where the signal is aborted already",
      "stops with the signal's reason while it runs, and leaves whole lines in its journal",
    ],
  },
  {
    fault: "says `not_ready` where it was to stop",
    change: (right) => ({
      async *run(...args) {
        try {
          yield* right.run(...args);
        } catch (cause) {
          throw LangBatchError.is(cause) ? cause : new LangBatchError("not_ready", "It stopped.");
        }
      },
    }),
    breaks: [
      "rejects run with the signal's reason where the signal is aborted already",
      "stops with the signal's reason while it runs, and leaves whole lines in its journal",
    ],
  },
  {
    fault: "lets through what its client throws while it runs",
    change: (right) => ({
      async *run(...args) {
        try {
          yield* right.run(...args);
        } catch (error) {
          throw LangBatchError.is(error, "provider_failed") ? new TypeError("fetch failed") : error;
        }
      },
    }),
    breaks: [noAnswer()],
  },
  {
    fault: "says of a service that does not answer that it never will",
    change: failingWith("The connection broke.", false),
    breaks: [noAnswer()],
  },
  {
    fault: "shows its key where the service does not answer",
    change: failingWith(`Nobody answered ${secret}.`, true),
    breaks: [noAnswer()],
  },
  {
    fault: "takes no answer for an answer",
    change: (right) => ({
      async *run(job, ...args) {
        try {
          yield* right.run(job, ...args);
        } catch (error) {
          if (!LangBatchError.is(error, "provider_failed")) throw error;
          yield { ...job, status: "completed" };
        }
      },
    }),
    breaks: [noAnswer()],
  },
];

function noAnswer(): string {
  return "throws a LangBatchError from run where the service does not answer, to try again later";
}

function sayingWhileItRuns(change: (job: Job) => Job): WrongProvider<RunningProvider>["change"] {
  return (right) => ({
    async *run(...args) {
      for await (const job of right.run(...args)) yield change(job);
    },
  });
}

function failingWith(
  message: string,
  retryable: boolean,
): WrongProvider<RunningProvider>["change"] {
  return (right) => ({
    async *run(...args) {
      try {
        yield* right.run(...args);
      } catch (error) {
        if (!LangBatchError.is(error, "provider_failed")) throw error;
        throw new LangBatchError("provider_failed", message, { retryable });
      }
    },
  });
}

/** A journal that keeps nothing. */
function lostJournal(): Journal {
  return {
    async *read() {},
    async append() {},
  };
}
