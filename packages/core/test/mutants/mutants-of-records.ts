import type { Mutant, Patch } from "./mutant.js";

/** An intention is known to the run that has it, and to nobody else. */
const unrecordedIntention: readonly Patch[] = [
  {
    file: "engine/run.ts",
    find: "          : await record(engine, shard, stored, outcome);",
    replacement: `          : outcome.came === "intended"
        ? { ...stored, value: evolve(stored.value, outcome, engine.life, engine.now()) }
        : await record(engine, shard, stored, outcome);`,
  },
  {
    file: "engine/run.ts",
    find: 'import { nextStep, type Step } from "./next-step.js";',
    replacement:
      'import { evolve } from "./evolve.js";\nimport { nextStep, type Step } from "./next-step.js";',
  },
];

/** Breaks of what is recorded, and when. */
export const mutantsOfRecords: readonly Mutant[] = [
  {
    name: "no write-ahead record",
    broken: "a create is sent before anything says that it will be",
    patches: [...unrecordedIntention],
    killedBy: { mode: "lost-creates", schedules: 3000 },
  },
  {
    name: "recorded only with its job",
    broken: "a create leaves a record only together with its job, and the next life does not look",
    patches: [
      ...unrecordedIntention,
      {
        file: "engine/next-step.ts",
        find: 'return job.life === life ? { do: "intend" } : { do: "search", notBefore: 0 };',
        replacement: 'return { do: "intend" };',
      },
    ],
    killedBy: { mode: "single-faults", schedules: 400 },
  },
  {
    name: "not recorded is not created",
    broken: "a job that the storage could not record is taken as not created",
    patches: [
      {
        file: "engine/record-created.ts",
        find: "if (attempt === mostAttempts) throw error;",
        replacement:
          'if (attempt === 1) return record(engine, shard, await readJob(engine, shard), { came: "released" });',
      },
    ],
    killedBy: { mode: "single-faults", schedules: 400 },
  },
  {
    name: "no compare-and-swap",
    broken: "a record is written over what another process wrote meanwhile",
    patches: [
      {
        file: "storage/record-store.ts",
        find: "const { revision } = await storage.writeRecord(key, bytes, { expected });",
        replacement: `const { revision } = await storage
      .writeRecord(key, bytes, { expected })
      .catch(async (error: unknown) => {
        if (!LangBatchError.is(error, "storage_conflict")) throw error;
        const newest = await storage.readRecord(key);
        return storage.writeRecord(key, bytes, { expected: newest?.revision ?? null });
      });`,
      },
    ],
    killedBy: { mode: "two-processes", schedules: 3000 },
  },
  {
    name: "deleted input again",
    broken: "a create is repeated with the input that was deleted",
    patches: [
      {
        file: "engine/evolve.ts",
        find: "const kept = { ...withoutUpload(keep(job)), lostCreates };",
        replacement: "const kept = { ...keep(job), lostCreates };",
      },
      {
        file: "engine/evolve.ts",
        find: 'if (lostCreates < mostLostCreates) return { ...kept, state: "planned" };',
        replacement:
          'if (lostCreates < mostLostCreates) return { ...kept, state: job.upload ? "uploaded" : "planned", life };',
      },
    ],
    killedBy: { mode: "random", schedules: 5000 },
  },
];
