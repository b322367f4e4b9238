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
];
