import { type Job, LangBatchError } from "@langbatch/core";
import type { WrongProvider } from "./wrong-provider.js";

/** Wrong in what they give back of a job's input, and in what they clean away. */
export const wrongKeepers: readonly WrongProvider[] = [
  {
    fault: "gives back the first input for every job",
    change: (right) => ({
      input: (job, context) => right.input({ ...job, inputId: "input-1" }, context),
    }),
    breaks: ["gives back the request lines a job was made from, also of one read from the storage"],
  },
  {
    fault: "knows only in its own memory what a job was made from",
    change: (right) => {
      const known = new WeakSet();
      return {
        async *get(...args) {
          for await (const job of right.get(...args)) {
            known.add(job);
            yield job;
          }
        },
        async *input(job, context) {
          if (known.has(job)) yield* right.input(job, context);
        },
      };
    },
    breaks: ["gives back the request lines a job was made from, also of one read from the storage"],
  },
  {
    fault: "gives back the requests in another order",
    change: (right) => ({
      async *input(...args) {
        for await (const chunk of right.input(...args)) {
          yield Buffer.from(Buffer.from(chunk).toString().split("\n").reverse().join("\n"));
        }
      },
    }),
    breaks: ["gives back the request lines a job was made from, also of one read from the storage"],
  },
  {
    fault: "gives back an empty input where it is gone",
    change: (right) => ({
      async *input(...args) {
        try {
          yield* right.input(...args);
        } catch (error) {
          if (!LangBatchError.is(error, "not_found")) throw error;
        }
      },
    }),
    breaks: [
      "says `not_found` where the input of a job was discarded",
      "says `not_found` where the input of a job was cleaned away",
    ],
  },
  {
    fault: "cleans away the results alone",
    change: (right) => ({ clean: (job, context) => right.clean(withoutInput(job), context) }),
    breaks: ["says `not_found` where the input of a job was cleaned away"],
  },
  {
    fault: "cleans away the input alone",
    change: (right) => ({
      clean: ({ inputId = "" }, context) => right.discard({ id: inputId }, context),
    }),
    breaks: ["brings no results of a job that was cleaned away, also of one read from the storage"],
  },
  {
    fault: "minds that what it cleans away is gone",
    change: (right) => {
      const gone = new Set<string>();
      return {
        async clean(job, context) {
          if (gone.has(job.id)) throw new LangBatchError("provider_failed", "404");
          gone.add(job.id);
          await right.clean(job, context);
        },
      };
    },
    breaks: ["does not mind cleaning away what is gone already, or what brought nothing"],
  },
  {
    fault: "cleans away the results of every job",
    change: (right) => ({
      async clean(job, context) {
        for await (const each of right.list({ since: 0 }, context)) {
          await right.clean(withoutInput(each), context);
        }
        await right.clean(job, context);
      },
    }),
    breaks: ["cleans away nothing of other jobs"],
  },
  {
    fault: "cleans away the input of every job",
    change: (right) => ({
      async clean(job, context) {
        for await (const { inputId = "" } of right.list({ since: 0 }, context)) {
          await right.discard({ id: inputId }, context);
        }
        await right.clean(job, context);
      },
    }),
    breaks: ["cleans away nothing of other jobs"],
  },
];

function withoutInput({ inputId, ...job }: Job): Job {
  return job;
}
