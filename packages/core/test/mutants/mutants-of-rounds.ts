import type { Mutant } from "./mutant.js";

/** Breaks of what many jobs and several rounds need. */
export const mutantsOfRounds: readonly Mutant[] = [
  {
    name: "no places",
    broken: "more jobs are sent than may be active",
    patches: [
      {
        file: "engine/places.ts",
        find: "if (free <= 0) {",
        replacement: "if (free <= -2) {",
      },
    ],
    killedBy: { mode: "many-shards", schedules: 1000 },
  },
  {
    name: "successes again",
    broken: "a round asks again for what has a success",
    patches: [
      {
        file: "results/read-results.ts",
        find: "(!isSuccessLine(result) && isWanted(result))",
        replacement: "isWanted(result)",
      },
    ],
    killedBy: { mode: "many-shards", schedules: 1000 },
  },
  {
    name: "hopeless again",
    broken: "a round that is planned by itself asks again for what can never work",
    patches: [
      {
        file: "results/retryable.ts",
        find: "return status < 400 || status >= 500 || passingStatuses.has(status);",
        replacement: "return status > 0;",
      },
    ],
    killedBy: { mode: "many-shards", schedules: 1000 },
  },
  {
    name: "first round only",
    broken: "the results of later rounds are read and not used",
    patches: [
      {
        file: "results/merge-rounds.ts",
        find: "latest = newer;",
        replacement: "",
      },
    ],
    killedBy: { mode: "many-shards", schedules: 1000 },
  },
  {
    name: "no room is an end",
    broken: "a job that found no room is taken for one that ran, and what was its turn is lost",
    patches: [
      {
        file: "engine/evolve.ts",
        find: 'return job.state === "terminal" ? waitsAgain(job, outcome, life) : job;',
        replacement:
          'return job.state === "terminal" ? { ...keep(job), state: "planned", cancelRequested: true } : job;',
      },
    ],
    killedBy: { mode: "many-shards", schedules: 1000 },
  },
  {
    name: "ended jobs found",
    broken: "a job that ended for want of room is taken for the one that is looked for",
    patches: [
      {
        file: "engine/search.ts",
        find: `    !endedJobs.includes(id) &&
    (isTagOf`,
        replacement: '    id !== "" &&\n    (isTagOf',
      },
    ],
    killedBy: { mode: "many-shards", schedules: 8000 },
  },
];
