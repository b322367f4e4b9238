import type { Mutant } from "./mutant.js";

/** Breaks of what jobs need that run in the processes that wait for them. */
export const mutantsOfRuns: readonly Mutant[] = [
  {
    name: "everybody runs",
    broken: "a process runs a job although another one has shown signs of life",
    patches: [
      {
        file: "engine/seen-leases.ts",
        find: "if (known?.sign === sign) return now - known.since >= lease.leaseMs;",
        replacement: "if (known?.sign === sign) return true;",
      },
    ],
    killedBy: { mode: "runs-here", schedules: 1000 },
  },
  {
    name: "a lease of anybody",
    broken: "two processes that want a job at the same moment both get it",
    patches: [
      {
        file: "engine/with-lease.ts",
        find: "return isSame(lease, outcome.from)",
        replacement: "return true",
      },
      {
        file: "engine/record.ts",
        find: '  "leased",\n',
        replacement: "",
      },
    ],
    killedBy: { mode: "runs-here", schedules: 1000 },
  },
  {
    name: "no signs of life",
    broken: "a process that runs a job shows no sign of life",
    patches: [
      {
        file: "engine/keep-lease.ts",
        find: 'await record(engine, shard, stored, { came: "renewed", job: latest() });',
        replacement: "",
      },
    ],
    killedBy: { mode: "runs-here", schedules: 1000 },
  },
  {
    name: "lines run together",
    broken: "what is appended goes on where somebody could not finish",
    patches: [
      {
        file: "storage/open-journal.ts",
        find: "Buffer.concat([lineEnd, lines])",
        replacement: "Buffer.from(lines)",
      },
    ],
    killedBy: { mode: "runs-here", schedules: 1000 },
  },
  {
    name: "half a journal",
    broken: "of a journal in several blobs, the last one is not read",
    patches: [
      {
        file: "storage/open-journal.ts",
        find: "for (const number of numbers.toSorted((a, b) => a - b)) {",
        replacement: "for (const number of numbers.toSorted((a, b) => a - b).slice(0, -1)) {",
      },
    ],
    killedBy: { mode: "runs-here", schedules: 1000 },
  },
  {
    name: "an early end",
    broken: "a job counts as completed when its run is stopped",
    patches: [
      {
        file: "engine/run-job.ts",
        find: 'await tell(engine, shard, { came: "let-go", job: latest }).catch(() => {});',
        replacement:
          'await recordEnd(engine, shard, { ...latest, status: "completed" }).catch(() => {});',
      },
    ],
    killedBy: { mode: "runs-here", schedules: 1000 },
  },
];
