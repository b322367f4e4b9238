import type { Mutant } from "./mutant.js";

/** Breaks of how a job is looked for whose create was not answered. */
export const mutantsOfLooking: readonly Mutant[] = [
  {
    name: "no settle window",
    broken: "the first look that shows nothing ends the settle window",
    patches: [
      {
        file: "engine/next-step.ts",
        find: "return firstLook + slackMs(job) + (job.sendBy - job.since) + job.settleMs;",
        replacement: "return firstLook;",
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "one look",
    broken: "a create is repeated after the first look that shows nothing",
    patches: [
      {
        file: "engine/next-step.ts",
        find: "if (last >= settled) return { do: afterWindow(job) };",
        replacement: 'return { do: "repeat" };',
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "no fence, one window",
    broken: "a create is repeated after one window, its input still there",
    patches: [
      {
        file: "engine/next-step.ts",
        find: "if (last >= settled) return { do: afterWindow(job) };",
        replacement: 'if (last >= settled) return { do: "repeat" };',
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "no fence, two windows",
    broken: "the input is not deleted before a create is repeated",
    patches: [
      {
        file: "engine/fence.ts",
        find: "    await provider.discard(upload, context);\n    return true;",
        replacement: "    return true;",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 3000 },
  },
  {
    name: "our own deed",
    broken: "a job that failed because its input was deleted is taken for the one looked for",
    patches: [
      {
        file: "engine/next-step.ts",
        find: 'return upload && !condemned ? "condemn" : "fence";',
        replacement: 'return "fence";',
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 6000 },
  },
  {
    name: "no second window",
    broken: "a create is repeated as soon as its input is deleted",
    patches: [
      {
        file: "engine/evolve.ts",
        find: "if (!outcome.isSafe) return startOver(job, life);",
        replacement: "return startOver(job, life);",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 1000 },
  },
  {
    name: "incomplete is complete",
    broken: "a list that may lack something is taken as complete",
    patches: [
      {
        file: "engine/look.ts",
        find: 'if (gap !== undefined) return { came: "inconclusive", at, reason: gap, candidates };',
        replacement: "",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 300 },
  },
  {
    name: "as old as its end",
    broken: "a list counts from when it was read, not from when it was begun",
    patches: [
      {
        file: "engine/listing.ts",
        find: "last = { ...listing, since };",
        replacement: "last = { ...listing, at: now(), since };",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 1000 },
  },
  {
    name: "another's window",
    broken: "a life goes on with the window of another one, by another clock",
    patches: [
      {
        file: "engine/next-step.ts",
        find: "return looking?.find((look) => look.life === life);",
        replacement: "return looking?.[0];",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 1000 },
  },
  {
    name: "window by the wall clock",
    broken: "the settle window is measured by the clock that the user can set",
    patches: [
      {
        file: "engine/clock.ts",
        find: "return () => Math.floor(start + elapsed());",
        replacement: "return () => now();",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 1000 },
  },
  {
    name: "one window for all",
    broken: "each life's look puts an end to the window of every other one",
    patches: [
      {
        file: "engine/after-look.ts",
        find: "[{ life, since, last: at }, ...others].slice(0, mostLives)",
        replacement: "[{ life, since, last: at }]",
      },
    ],
    killedBy: { mode: "two-processes", schedules: 3000 },
  },
  {
    name: "said of the next one",
    broken: "what looking showed is said of a later create, which another process sent meanwhile",
    patches: [
      {
        file: "engine/record.ts",
        find: "if (ofOneRecord.has(outcome.came)) return readJob(engine, shard);",
        replacement: "",
      },
    ],
    killedBy: { mode: "lost-creates", schedules: 5000 },
  },
  {
    name: "tag without nonce",
    broken: "the jobs of all batches have the same tags",
    patches: [
      {
        file: "engine/tag.ts",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
        find: "return `lb-${nonce}-`;",
        replacement: 'return "lb-nonce-";',
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
  {
    name: "tag without shard",
    broken: "the jobs of all shards have the same tags",
    patches: [
      {
        file: "engine/tag.ts",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
        find: "return `${batchTag(nonce)}${round}-${shard}`;",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
        replacement: "return `${batchTag(nonce)}${round}-0`;",
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
];
