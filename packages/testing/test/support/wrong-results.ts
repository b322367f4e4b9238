import type { WrongProvider } from "./wrong-provider.js";

/** Wrong in what they bring. */
export const wrongResults: readonly WrongProvider[] = [
  {
    fault: "leaves out the line ends of its results",
    change: (right) => ({
      async *results(...args) {
        for await (const chunk of right.results(...args)) {
          yield Buffer.from(Buffer.from(chunk).toString().replaceAll("\n", ""));
        }
      },
    }),
    breaks: [
      "brings one line for every request, each with its custom_id, a line end between any two",
    ],
  },
  {
    fault: "loses the first result",
    change: (right) => ({
      async *results(...args) {
        for await (const chunk of right.results(...args)) {
          yield chunk.subarray(chunk.indexOf(0x0a) + 1);
        }
      },
    }),
    breaks: [
      "brings one line for every request, each with its custom_id, a line end between any two",
    ],
  },
  {
    fault: "knows only in its own memory what a job brought",
    change: (right) => {
      const known = new WeakSet();
      return {
        async *get(...args) {
          for await (const job of right.get(...args)) {
            known.add(job);
            yield job;
          }
        },
        async *results(job, context) {
          if (known.has(job)) yield* right.results(job, context);
        },
      };
    },
    breaks: ["brings the results of a job that another process has read from the storage"],
  },
  {
    fault: "brings its results once",
    change: (right) => {
      const brought = new Set<string>();
      return {
        async *results(job, context) {
          if (!brought.has(job.id)) yield* right.results(job, context);
          brought.add(job.id);
        },
      };
    },
    breaks: ["brings the same results again when they are asked for again"],
  },
  {
    fault: "minds a reader who stops early",
    change: (right) => ({
      async *results(...args) {
        let isRead = false;
        try {
          yield* right.results(...args);
          isRead = true;
        } finally {
          if (!isRead) stopped();
        }
      },
    }),
    breaks: ["lets a reader stop before the end of the results"],
  },
  {
    fault: "brings a line of its own where a job brought nothing",
    change: (right) => ({
      async *results(job, context) {
        yield* right.results(job, context);
        if (job.status === "failed") yield Buffer.from("{}\n");
      },
    }),
    breaks: ["brings nothing but line ends where the job brought nothing"],
  },
];

function stopped(): never {
  throw new Error("The reader stopped.");
}
