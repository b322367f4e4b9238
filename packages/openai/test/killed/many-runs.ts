import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { linkScript } from "../support/linked-script.js";
import { killedRun, type RunReport, type RunSetup } from "./killed-run.js";

const { LANGBATCH_KILL_SEED, LANGBATCH_KILL_RUNS, LANGBATCH_KILL_TOGETHER } = process.env;

/**
 * The first run's seed; each next run has the next one. So `LANGBATCH_KILL_SEED` with the seed of a
 * run that failed and `LANGBATCH_KILL_RUNS=1` replay that run alone, as far as the machine's timing
 * lets it be the same. Default: another one each time.
 */
export const firstSeed: number = Number(LANGBATCH_KILL_SEED ?? Date.now() % 1_000_000_000);

/** How many runs that were killed at least once there must be. Default: 10; the whole check asks for 200. */
export const runs: number = Number(LANGBATCH_KILL_RUNS ?? 10);

/** Runs at a time: a script mostly waits, so that more of them than processors keep these busy. */
const together = Number(LANGBATCH_KILL_TOGETHER ?? 6);

/** Where a life's length is not known yet. */
const firstWholeMs = 500;

/** Does all runs, and fails with the seeds of those where something was lost or paid for twice. */
export async function expectExactlyOnce({ chaos }: { readonly chaos: boolean }): Promise<void> {
  // In memory where the machine offers it: waiting for a disk would be most of each run.
  const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = await mkdtemp(join(parent, "langbatch-killed-"));
  const stop = new AbortController();
  let working: Promise<unknown> = Promise.resolve();
  onTestFinished(async () => {
    stop.abort();
    await working.catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  });
  const script = join(folder, "script.cjs");
  await linkScript(new URL("user-script.ts", import.meta.url), script);
  const reports: RunReport[] = [];
  const setup: RunSetup = {
    script,
    folder,
    chaos,
    wholeMs: () => reports.at(-1)?.lastLifeMs ?? firstWholeMs,
    signal: stop.signal,
  };

  let seed = firstSeed;
  // A script may be done before its kill comes. Such a run does not count, and another takes its place.
  let missing = runs;
  async function work(): Promise<void> {
    while (missing > 0) {
      missing -= 1;
      const report = await killedRun(setup, seed++);
      reports.push(report);
      if (report.kills.length === 0) missing += 1;
    }
  }
  const started = performance.now();
  working = Promise.all(Array.from({ length: together }, work));
  await working;
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(summary(reports, seconds));
  expect(reports.flatMap(problemsOf)).toEqual([]);
}

function problemsOf(report: RunReport): string[] {
  const { seed, broken, duplicates, payments, results } = report;
  const problems = [...broken, ...duplicates, ...payments, ...results];
  if (problems.length === 0) return [];
  const { kills, chaos, lives } = report;
  return [
    `Run ${seed - firstSeed} (LANGBATCH_KILL_SEED=${seed} LANGBATCH_KILL_RUNS=1): ${problems.join("; ")}. ${lives} lives, killed after ${kills.join(", ")}; the proxy: ${chaos.join(", ") || "none"}`,
  ];
}

/** What happened, for people. */
function summary(reports: readonly RunReport[], seconds: number): string {
  const sum = (count: (report: RunReport) => number) =>
    reports.reduce((total, report) => total + count(report), 0);
  const kills = reports.flatMap((report) => report.kills);
  const chaos = reports.flatMap((report) => report.chaos);
  const lines = [
    `LANGBATCH_KILL_SEED=${firstSeed}: ${reports.length} runs, ${sum(({ kills }) => Math.min(1, kills.length))} of them killed, ${sum(({ shards }) => Math.min(1, shards - 1))} of them of several jobs`,
    `${sum(({ lives }) => lives)} lives, ${kills.length} kills, ${sum(({ failures }) => failures.length)} failures that passed, ${seconds.toFixed(1)} seconds`,
    `${sum(({ duplicates }) => duplicates.length)} duplicate jobs, ${sum(({ payments }) => payments.length)} wrong payments, ${sum(({ results }) => results.length)} wrong results, ${sum(({ broken }) => broken.length)} broken runs`,
    `Killed after: ${histogram(kills)}`,
    ...(chaos.length > 0 ? [`The proxy: ${histogram(chaos)}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function histogram(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => `${name} ${count}`).join(", ");
}
