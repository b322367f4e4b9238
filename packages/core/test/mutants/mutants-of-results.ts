import type { Mutant } from "./mutant.js";

/** Breaks of how a job is watched, and of how its results come home. */
export const mutantsOfResults: readonly Mutant[] = [
  {
    name: "not shown is gone",
    broken: "a job that the provider does not show for a moment is taken as failed",
    patches: [
      {
        file: "engine/work.ts",
        find: "await assertSameAccount(engine.provider, account ?? value.account, context);",
        replacement: `await assertSameAccount(engine.provider, account ?? value.account, context);
    if (value.state !== "submitted") continue;
    const job: Job = { ...value.job, status: "failed" };
    await record(engine, shard, await readJob(engine, shard), { came: "seen", job });`,
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "unknown is the end",
    broken: "a status that nobody knows is taken as an end",
    patches: [
      {
        file: "engine/evolve.ts",
        find: "return terminal.has(status);",
        replacement:
          'return !["validating", "in_progress", "finalizing", "cancelling"].includes(status);',
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "results by position",
    broken: "results are told apart by their position, not by their id",
    patches: [
      {
        file: "results/collect.ts",
        find: "const position = index.find(id);",
        replacement: "const position: number | undefined = lines++;",
      },
      {
        file: "results/collect.ts",
        find: "let withoutLine = 0;",
        replacement: "let withoutLine = 0;\n  let lines = 0;",
      },
      {
        file: "results/collect.ts",
        find: "line && customIdOf(line) === id ? [position, line]",
        replacement: "line ? [position, line]",
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "first line wins",
    broken: "the first line for a request counts, even if a success follows",
    patches: [
      {
        file: "results/result-index.ts",
        find: "if (!successes[best]) better.set(first, position);",
        replacement: "",
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "errors are dropped",
    broken: "a result line that says why a request failed is dropped",
    patches: [
      {
        file: "results/collect.ts",
        find: "if (result) {",
        replacement: "if (result && hasSucceeded(result.fields, isResponse)) {",
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "short is all",
    broken: "results that lack requests are not fetched again",
    patches: [
      {
        file: "engine/collect-job.ts",
        find: "const mostShortReads = 2;",
        replacement: "const mostShortReads = 0;",
      },
    ],
    killedBy: { mode: "single-faults", schedules: 400 },
  },
  {
    name: "cleaned too soon",
    broken: "the provider's copy of the results is deleted before ours is stored",
    patches: [
      {
        file: "engine/collect-job.ts",
        find: "    const { results, ordered } = await store(",
        replacement: `    await provider.clean?.(record.job, context);
    const { results, ordered } = await store(`,
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
];
