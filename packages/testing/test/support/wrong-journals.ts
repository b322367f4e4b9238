import type { Journal } from "@langbatch/core";
import { secret } from "./memory-provider.js";
import type { RunningProvider } from "./running-provider.js";
import type { WrongProvider } from "./wrong-provider.js";

/** Wrong in what they write into their journal, and in what they make of one that is there. */
export const wrongJournals: readonly WrongProvider<RunningProvider>[] = [
  {
    fault: "does not read its journal",
    change: withJournal(() => ({ async *read() {} })),
    breaks: [
      "asks nothing again of which the journal has the answer",
      "reads over broken lines of its journal, and asks again only what they were about",
    ],
  },
  {
    fault: "takes each piece of its journal for whole lines",
    change: withJournal((journal) => ({
      async *read() {
        for await (const piece of journal.read()) {
          yield piece;
          yield Buffer.from("\n");
        }
      },
    })),
    breaks: ["asks nothing again of which the journal has the answer"],
  },
  {
    fault: "minds a line that it cannot read",
    change: withJournal((journal) => ({
      async *read() {
        const lines = (await textOf(journal)).split("\n").filter((line) => line !== "");
        for (const line of lines) JSON.parse(line);
        yield* journal.read();
      },
    })),
    breaks: [
      "reads over broken lines of its journal, and asks again only what they were about",
      "goes on from where a run stood that could not write its journal to the end",
    ],
  },
  {
    fault: "trusts nothing in a journal that has a broken line",
    change: withJournal((journal) => ({
      async *read() {
        try {
          for (const line of (await textOf(journal)).split("\n")) JSON.parse(line || "{}");
        } catch {
          return;
        }
        yield* journal.read();
      },
    })),
    breaks: ["reads over broken lines of its journal, and asks again only what they were about"],
  },
  {
    fault: "takes every line of its journal for its own",
    change: (right) => ({
      run(job, input, journal, context) {
        const own: Journal = {
          append: (lines) => journal.append(lines),
          async *read() {
            const text = await textOf(journal);
            yield Buffer.from(text.replaceAll(/"id":"[^ ]+ /g, `"id":"${job.tag} `));
          },
        };
        return right.run(job, input, own, context);
      },
    }),
    breaks: ["takes no line of another job in its journal for an answer to its own requests"],
  },
  {
    fault: "takes what was begun for done",
    change: (right) => {
      const begun = new Set<string>();
      return {
        async *run(job, ...args) {
          if (begun.has(job.id)) yield { ...job, status: "completed" };
          else {
            begun.add(job.id);
            yield* right.run(job, ...args);
          }
        },
      };
    },
    breaks: [
      "goes on from where a run stood whose reader has left",
      "goes on from where a run stood that could not write its journal to the end",
      "reads over broken lines of its journal, and asks again only what they were about",
    ],
  },
  {
    fault: "minds a reader who leaves",
    change: (right) => ({
      async *run(...args) {
        let hasEnded = false;
        try {
          yield* right.run(...args);
          hasEnded = true;
        } finally {
          if (!hasEnded) left();
        }
      },
    }),
    breaks: ["goes on from where a run stood whose reader has left"],
  },
  {
    fault: "does not wait until a line is durable",
    change: withJournal((journal) => ({
      async append(lines) {
        journal.append(lines).catch(() => {});
      },
    })),
    breaks: [
      "brings one line for every request, each with its custom_id, a line end between any two",
      "passes on the error of a journal that cannot be written",
    ],
  },
  {
    fault: "does not mind that a line cannot be kept",
    change: withJournal((journal) => ({
      async append(lines) {
        await journal.append(lines).catch(() => {});
      },
    })),
    breaks: ["passes on the error of a journal that cannot be written"],
  },
  {
    fault: "wraps what its journal throws",
    change: withJournal((journal) => ({
      async append(lines) {
        await journal.append(lines).catch((cause: unknown) => {
          throw new Error("It could not be kept.", { cause });
        });
      },
    })),
    breaks: ["passes on the error of a journal that cannot be written"],
  },
  {
    fault: "leaves its lines without an end",
    change: withJournal((journal) => ({ append: (lines) => journal.append(lines.slice(0, -1)) })),
    breaks: ["stops with the signal's reason while it runs, and leaves whole lines in its journal"],
  },
  {
    fault: "leaves half a line where it is to stop",
    change: (right) => ({
      run(job, input, journal, context) {
        const own: Journal = {
          read: () => journal.read(),
          async append(lines) {
            await journal.append(lines);
            if (context.signal?.aborted) await journal.append(lines.slice(0, 20));
          },
        };
        return right.run(job, input, own, context);
      },
    }),
    breaks: ["stops with the signal's reason while it runs, and leaves whole lines in its journal"],
  },
  {
    fault: "writes down with what it has asked",
    change: withJournal((journal) => ({
      append: (lines) =>
        journal.append(
          Buffer.concat([Buffer.from(`{"authorization":"Bearer ${secret}"}\n`), lines]),
        ),
    })),
    breaks: ["keeps its secret out of all that is stored: settings, uploads, jobs and journals"],
  },
  {
    fault: "brings nothing of a job that was cancelled",
    change: (right) => ({
      async *results(job, ...args) {
        if (job.status !== "cancelled") yield* right.results(job, ...args);
      },
    }),
    breaks: ["brings what its journal has of a job that was cancelled while it ran"],
  },
  {
    fault: "knows the results of its own runs alone",
    change: (right) => {
      const known = new WeakSet();
      return {
        async *run(...args) {
          for await (const job of right.run(...args)) {
            known.add(job);
            yield job;
          }
        },
        async *results(job, ...args) {
          if (known.has(job)) yield* right.results(job, ...args);
        },
      };
    },
    breaks: ["brings the results of a job that another process has read from the storage"],
  },
];

/** A provider that does not take its journal as it is. */
function withJournal(
  change: (journal: Journal) => Partial<Journal>,
): WrongProvider<RunningProvider>["change"] {
  return (right) => ({
    run(job, input, journal, context) {
      const { append, read }: Journal = {
        read: () => journal.read(),
        append: (lines) => journal.append(lines),
        ...change(journal),
      };
      return right.run(job, input, { append, read }, context);
    },
  });
}

async function textOf(journal: Journal): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of journal.read()) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

function left(): never {
  throw new Error("The reader has left.");
}
