import { LangBatchError } from "@langbatch/core";
import { secret } from "./memory-provider.js";
import type { WrongProvider } from "./wrong-provider.js";

/** Wrong in what they do when a job is to be made. */
export const wrongCreates: readonly WrongProvider[] = [
  {
    fault: "creates a job when it only takes the input",
    change: (right) => ({
      async upload(input, context) {
        const uploaded = await right.upload(input, context);
        await right.create(input, uploaded, context);
        return uploaded;
      },
    }),
    breaks: [
      "takes the same input twice, and creates nothing while it only takes it",
      "creates exactly one job",
      "creates no job from an input that was discarded",
    ],
  },
  {
    fault: "repeats a create",
    change: (right) => ({
      async create(...args) {
        try {
          return await right.create(...args);
        } catch (error) {
          if (LangBatchError.is(error, "provider_failed")) return right.create(...args);
          throw error;
        }
      },
    }),
    breaks: ["sends a create once although its answer is lost, and does not claim to be refused"],
  },
  {
    fault: "names a job anew each time it is asked to create it",
    change: (right) => {
      let asked = 0;
      return {
        async create(input, uploaded, context) {
          asked += 1;
          return right.create({ ...input, tag: `${input.tag}-${asked}` }, uploaded, context);
        },
      };
    },
    breaks: ["creates no second job when a create whose answer was lost is repeated"],
  },
  {
    fault: "says that every create was refused",
    change: (right) => ({
      async create(...args) {
        try {
          return await right.create(...args);
        } catch (error) {
          throw LangBatchError.is(error) ? new LangBatchError("rejected", "No.") : error;
        }
      },
    }),
    breaks: [
      "sends a create once although its answer is lost, and does not claim to be refused",
      "says `quota` where the service has no room, and has created nothing",
    ],
  },
  {
    fault: "says of a refusal that nobody knows",
    change: (right) => ({
      async create(...args) {
        try {
          return await right.create(...args);
        } catch (cause) {
          throw new LangBatchError("provider_failed", "Something failed.", { cause });
        }
      },
    }),
    breaks: [
      "says `rejected` where the service said no, and has created nothing",
      "says `quota` where the service has no room, and has created nothing",
    ],
  },
  {
    fault: "shows its key where a create was refused",
    change: (right) => ({
      async create(...args) {
        try {
          return await right.create(...args);
        } catch (error) {
          throw LangBatchError.is(error)
            ? new LangBatchError(error.code, `The key ${secret} may not do this.`)
            : error;
        }
      },
    }),
    breaks: [
      "keeps its secret out of the words of a refusal",
      "throws a LangBatchError from create where the service does not answer",
    ],
  },
  {
    fault: "remembers a refusal for ever",
    change: (right) => {
      let refusal: unknown;
      return {
        async create(...args) {
          if (refusal) throw refusal;
          try {
            return await right.create(...args);
          } catch (error) {
            refusal = error;
            throw error;
          }
        },
      };
    },
    breaks: ["creates the job when it is asked once more after a refusal"],
  },
  {
    fault: "takes no letters in the ids of requests",
    change: (right) => ({
      async traits(context) {
        const wire = { encode: () => undefined };
        return { ...(await right.traits(context)), wire, wireId: /^\d+$/ };
      },
    }),
    breaks: ["takes the ids that requests go by where it restricts ids"],
  },
  {
    fault: "brings results under ids of its own",
    change: (right) => ({
      async *results(...args) {
        for await (const chunk of right.results(...args)) {
          yield Buffer.from(String(chunk).replace(/"custom_id":"/g, '"custom_id":"its-'));
        }
      },
    }),
    breaks: ["lists the job of a create whose answer was lost, and its results tell whose it is"],
  },
];
