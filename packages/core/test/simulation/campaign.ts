import { formatFaults, pairFaults, scheduleWith, singleFaults } from "./exhaustive.js";
import { fixedFaults } from "./faults.js";
import { openMemoryFiles } from "./memory-files.js";
import { runSchedule, type Schedule, type ScheduleReport } from "./schedule.js";

/** Which schedules are run. */
export type Mode = RandomMode | "single-faults" | "pair-faults";

/** Those that have a schedule for every seed. */
type RandomMode =
  | "random"
  | "two-processes"
  | "lost-creates"
  | "many-shards"
  | "by-content"
  | "runs-here";

export const modes: readonly Mode[] = [
  ...([
    "random",
    "two-processes",
    "lost-creates",
    "many-shards",
    "by-content",
    "runs-here",
  ] as const),
  ...(["single-faults", "pair-faults"] as const),
];

/** The schedule of a seed. */
export function seededSchedule(mode: RandomMode, seed: number): Schedule {
  if (mode === "random") return { seed };
  if (mode === "two-processes") return { seed, processes: 2 };
  const processes = 1 + (seed % 2);
  if (mode === "runs-here") {
    // Where nothing goes wrong, nothing at all is asked twice.
    const faults = seed % 8 < 2 ? { faults: fixedFaults(new Map()) } : {};
    return { seed, processes, runsHere: true, ...faults };
  }
  if (mode === "by-content") {
    return { seed, processes, findsByContent: true, losesCreates: seed % 4 < 2 };
  }
  return mode === "many-shards"
    ? { seed, processes, hasManyShards: true }
    : { seed, processes, losesCreates: true };
}

/** One of several parts of equal size; the first is 1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** Many schedules of one mode. */
export interface Campaign {
  readonly mode: Mode;
  /** The first seed; of the exhaustive modes, the seed of the one world. */
  readonly seed: number;
  /** How many schedules. Default, and at most: all, of the exhaustive modes. */
  readonly schedules?: number;
  /** Which part of the exhaustive schedules is run, evenly spread. Default: all of them. */
  readonly part?: Part;
  /** Whether the first failure ends it. Default: `false`. */
  readonly stopsAtFirst?: boolean;
  /** Told of every failure at once. */
  readonly onFailure?: (failure: Failure) => void;
}

/** A schedule that broke an invariant. */
interface Failure {
  readonly broken: string;
  /** The command that shows what happened in it. */
  readonly replay: string;
}

/** What came of a campaign. */
export interface CampaignReport {
  readonly schedules: number;
  readonly effects: number;
  readonly lives: number;
  readonly failures: readonly Failure[];
  /** How often each fault occurred, by effect and fault. */
  readonly occurred: ReadonlyMap<string, number>;
}

/** While one schedule waits for a real file, others compute. */
const lanes = 6;

interface Planned {
  readonly schedule: Schedule;
  readonly replay: string;
}

/** Runs every schedule of a campaign. */
export async function runCampaign(campaign: Campaign): Promise<CampaignReport> {
  const planned = planSchedules(campaign);
  const failures: Failure[] = [];
  const occurred = new Map<string, number>();
  let schedules = 0;
  let effects = 0;
  let lives = 0;

  function note(report: ScheduleReport, replay: string): void {
    schedules += 1;
    effects += report.effects.length;
    lives += report.lives;
    for (const [name, count] of report.occurred) {
      occurred.set(name, (occurred.get(name) ?? 0) + count);
    }
    if (report.broken !== undefined) fail({ broken: report.broken, replay });
  }

  function fail(failure: Failure): void {
    failures.push(failure);
    campaign.onFailure?.(failure);
  }

  async function runLane(): Promise<void> {
    while (!(campaign.stopsAtFirst && failures.length > 0)) {
      const { value, done } = await planned.next();
      if (done) return;
      note(await runSchedule(value.schedule), value.replay);
    }
  }

  await Promise.all(Array.from({ length: lanes }, runLane));
  const left = openMemoryFiles();
  if (left > 0) {
    const broken = `${left} temporary files were never closed.`;
    fail({ broken, replay: `npm run simulate -- --mode ${campaign.mode} --seed ${campaign.seed}` });
  }
  return { schedules, effects, lives, failures, occurred };
}

async function* planSchedules(campaign: Campaign): AsyncGenerator<Planned, undefined> {
  const { mode, seed, schedules = Number.POSITIVE_INFINITY } = campaign;
  const { part = { number: 1, of: 1 } } = campaign;
  const command = `npm run simulate -- --mode ${mode}`;
  if (mode !== "single-faults" && mode !== "pair-faults") {
    for (let at = seed; at < seed + schedules; at += 1) {
      yield { schedule: seededSchedule(mode, at), replay: `${command} --seed ${at} --replay` };
    }
    return undefined;
  }
  const all = mode === "single-faults" ? singleFaults(seed) : pairFaults(seed);
  let number = 0;
  let taken = 0;
  for await (const faults of all) {
    if (taken >= schedules) return undefined;
    number += 1;
    if (number % part.of !== part.number % part.of) continue;
    taken += 1;
    const replay = `${command} --seed ${seed} --faults ${formatFaults(faults)} --replay`;
    yield { schedule: scheduleWith(seed, faults), replay };
  }
  return undefined;
}
