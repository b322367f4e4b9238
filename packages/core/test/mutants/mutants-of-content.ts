import type { Budget, Mutant } from "./mutant.js";

const byContent = (schedules: number): Budget => ({ mode: "by-content", schedules });

/** Breaks of how a job is found that shows nothing of where it came from. */
export const mutantsOfContent: readonly Mutant[] = [
  {
    name: "whoever it is",
    broken: "a job that was taken for its size alone is collected without a look at whose it is",
    patches: [
      {
        file: "engine/collect-job.ts",
        find: "if (!isSomeOf(ids, engine, shard)) {",
        replacement: "if (ids.length < 0) {",
      },
    ],
    killedBy: byContent(5000),
  },
  {
    name: "nobody there",
    broken: "what runs and shows nothing is taken for nothing",
    patches: [
      {
        file: "engine/look.ts",
        find: "const candidates = willTell ? await unclaimed(engine, shard, all) : all;",
        replacement: "const candidates = willTell ? [] : all;",
      },
    ],
    killedBy: byContent(5000),
  },
  {
    name: "another's by mistake",
    broken: "what another shard holds for its size alone counts as that one's",
    patches: [
      {
        file: "engine/identify.ts",
        find: 'if (!stored || !("job" in stored.value) || stored.value.provisional) continue;',
        replacement: 'if (!stored || !("job" in stored.value)) continue;',
      },
    ],
    killedBy: byContent(5000),
  },
  {
    name: "silence is absence",
    broken: "an ended job whose results say nothing now is left out",
    patches: [
      {
        file: "engine/identify.ts",
        find: "} else if (ids.length === 0) {",
        replacement: "} else if (ids.length < 0) {",
      },
    ],
    killedBy: byContent(5000),
  },
  {
    name: "any of ours",
    broken: "another round's job is taken for this one's",
    patches: [
      {
        file: "engine/identify.ts",
        find: "if (parsed?.nonce !== nonce || parsed.round !== round) return false;",
        replacement: "if (parsed?.nonce !== nonce) return false;",
      },
    ],
    killedBy: byContent(5000),
  },
  {
    name: "a late answer",
    broken: "the answer to a create does not replace what was taken for its job",
    patches: [
      {
        file: "engine/evolve.ts",
        find: "if (mayLackJob.has(job.state) || isProvisional(job)) return withJob(job, outcome.job);",
        replacement: "if (mayLackJob.has(job.state)) return withJob(job, outcome.job);",
      },
    ],
    killedBy: byContent(5000),
  },
  {
    name: "taken at once",
    broken: "a job is created again when what was taken for it was somebody else's",
    patches: [
      {
        file: "engine/evolve.ts",
        find: '? { ...keepCertain(job), ...job.provisional, state: "unknown" }',
        replacement: '? { ...keepCertain(job), state: "planned" }',
      },
    ],
    killedBy: byContent(5000),
  },
];
