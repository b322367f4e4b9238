import { LangBatchError } from "@langbatch/core";
import type { WrongProvider } from "./wrong-provider.js";

/** Wrong in how they look for jobs and stop them. */
export const wrongLooks: readonly WrongProvider[] = [
  {
    fault: "yields only the first job that is asked for",
    change: (right) => ({ get: (jobIds, context) => right.get(jobIds.slice(0, 1), context) }),
    breaks: ["yields the jobs that are asked for by their ids, in any order"],
  },
  {
    fault: "yields every job where no id is asked for",
    change: (right) => ({
      get: (jobIds, context) =>
        jobIds.length > 0 ? right.get(jobIds, context) : right.list({ since: 0 }, context),
    }),
    breaks: ["yields nothing where no id is asked for"],
  },
  {
    fault: "throws where it does not know a job",
    change: (right) => ({
      async *get(jobIds, context) {
        let found = 0;
        for await (const job of right.get(jobIds, context)) {
          found += 1;
          yield job;
        }
        if (found < jobIds.length) throw new LangBatchError("not_found", "404");
      },
    }),
    breaks: ["does not yield a job that it does not know, and yields the others"],
  },
  {
    fault: "lists only jobs with exactly the tag",
    change: (right) => ({
      async *list(query, context) {
        for await (const job of right.list(query, context)) {
          if (query.tag === undefined || job.tag === query.tag) yield job;
        }
      },
    }),
    breaks: [
      "shows in its list the job of a create whose answer was lost, with its tag or input",
      "leaves out no job whose tag begins with the one that is asked for",
    ],
  },
  {
    fault: "leaves out of its list what was created at its very beginning",
    change: (right) => ({
      async *list(query, context) {
        for await (const job of right.list(query, context)) {
          if (job.createdAt > query.since) yield job;
        }
      },
    }),
    breaks: ["lists a job that was just created, also from the moment of its creation on"],
  },
  {
    fault: "lists the first page only",
    change: (right) => ({
      async *list(...args) {
        for await (const job of right.list(...args)) {
          yield job;
          return;
        }
      },
    }),
    breaks: ["lists every job"],
  },
  {
    fault: "minds that a job is being cancelled already",
    change: (right) => {
      const cancelled = new Set<string>();
      return {
        async cancel(jobId, context) {
          if (cancelled.has(jobId)) throw new LangBatchError("provider_failed", "409");
          cancelled.add(jobId);
          await right.cancel(jobId, context);
        },
      };
    },
    breaks: ["cancels a job, also one that is being cancelled already, and sees it end"],
  },
  {
    fault: "minds that a job to cancel has ended",
    change: (right) => ({
      async cancel(jobId, context) {
        for await (const { status } of right.get([jobId], context)) {
          if (status === "completed") throw new LangBatchError("provider_failed", "409");
        }
        await right.cancel(jobId, context);
      },
    }),
    breaks: ["does not mind cancelling a job that has ended, which stays as it is"],
  },
  {
    fault: "minds that an input to discard is gone",
    change: (right) => {
      const gone = new Set<string>();
      return {
        async discard(uploaded, context) {
          if (gone.has(uploaded.id)) throw new LangBatchError("provider_failed", "404");
          gone.add(uploaded.id);
          await right.discard(uploaded, context);
        },
      };
    },
    breaks: ["discards an input, and does not mind that it is gone already"],
  },
];
