import { type BatchResults, type ChatCompletions, LangBatchError } from "../../src/index.js";
import {
  type Conditions,
  contentConditions,
  manyShardsConditions,
  randomConditions,
  runConditions,
  scripts,
  slowConditions,
} from "./conditions.js";
import { type EffectKind, type Faults, randomFaults } from "./faults.js";
import { live } from "./life.js";
import { useMemoryFiles } from "./memory-files.js";
import { brokenInvariant } from "./oracle.js";
import { brokenRun } from "./oracle-of-runs.js";
import { ProviderService } from "./provider-service.js";
import { type Random, seededRandom } from "./random.js";
import { Scheduler } from "./scheduler.js";
import { SimulatedProcess } from "./simulated-process.js";
import type { MakeRunner } from "./simulated-runs.js";
import { StorageDisk } from "./storage-disk.js";
import { Trace } from "./trace.js";
import { isInputGone } from "./troubles.js";
import { secret, type World } from "./world.js";

/** What decides everything that happens in a schedule. */
export interface Schedule {
  readonly seed: number;
  readonly processes?: number;
  /** Whether it is about creates that are lost and take effect, which else are rare. Default: `false`. */
  readonly losesCreates?: boolean;
  /** Whether it is about many jobs and several rounds. Default: `false`. */
  readonly hasManyShards?: boolean;
  /** Whether only results tell whose a job is. Default: `false`. */
  readonly findsByContent?: boolean;
  /** Whether the processes run the jobs themselves. Default: `false`. */
  readonly runsHere?: boolean;
  /** Makes what runs them. Default: a simple one. */
  readonly makeRunner?: MakeRunner;
  /** Default: any. */
  readonly conditions?: Conditions;
  /** Default: any. */
  readonly faults?: Faults;
  /** Whether the trace is kept to be read. Default: `false`. */
  readonly keepsLines?: boolean;
}

/** What came of a schedule. */
export interface ScheduleReport {
  readonly seed: number;
  /** The invariant that does not hold, in words. */
  readonly broken: string | undefined;
  readonly trace: Trace;
  readonly effects: readonly EffectKind[];
  readonly occurred: ReadonlyMap<string, number>;
  readonly lives: number;
}

/** With how many lives for each process faults end at the latest. */
const mostFaultyLives = 10;
/** How many lives a process may need once they have: each can be refused for what was lost before. */
const mostHealthyLives = 6;

/** Runs one schedule to its end: the same one always in the same way. */
export async function runSchedule(schedule: Schedule): Promise<ScheduleReport> {
  useMemoryFiles();
  const world = makeWorld(schedule);
  const { conditions, scheduler, faults, trace } = world;
  const finished: BatchResults<ChatCompletions>[] = [];
  let lives = 0;
  let healthyLives = 0;

  function begin(): void {
    lives += 1;
    if (lives > mostFaultyLives * scripts(conditions)) faults.stop();
    if (faults.haveStopped) healthyLives += 1;
    if (healthyLives > mostHealthyLives * scripts(conditions)) {
      world.stuck ??= `Faults have stopped, and ${healthyLives - 1} lives have ended without success.`;
    }
    if (world.stuck !== undefined) return;
    const process = new SimulatedProcess(world, lives);
    live(process, schedule.makeRunner).then(
      (results) => {
        finished.push(results);
        trace.note(scheduler.now, process.number, "finishes", "");
        if (conditions.cleans && finished.length === 1) beginLater();
      },
      (error: unknown) => {
        const text = String(error);
        trace.note(scheduler.now, process.number, "ends", process.isDead ? "killed" : text);
        const isWished = process.wish.aborted && error === process.wish.reason;
        if (!process.isDead && !isWished) world.stuck ??= wrongError(error);
        beginLater();
      },
    );
  }

  function beginLater(): void {
    scheduler.at(scheduler.now + world.random.between(1_000, conditions.pauseMs), begin);
  }

  const { startsApartMs = conditions.pauseMs } = conditions;
  for (let number = 0; number < conditions.processes; number += 1) {
    scheduler.at(world.random.between(0, number * startsApartMs), begin);
  }
  await scheduler.run();
  const broken =
    conditions.asksAtOnce > 0
      ? brokenRun(world, finished, lives)
      : brokenInvariant(world, finished);
  const { effects, occurred } = world;
  return { seed: schedule.seed, broken, trace, effects, occurred, lives };
}

function makeWorld({ seed, processes = 1, losesCreates = false, ...given }: Schedule): World {
  const { keepsLines = false } = given;
  const random: Random = seededRandom(seed);
  const makeConditions = conditionsOf({ losesCreates, ...given });
  const conditions = given.conditions ?? makeConditions(random, processes);
  const most = random.between(1, 20 * processes);
  return {
    conditions,
    random,
    scheduler: new Scheduler(
      random,
      conditions.asksAtOnce === 0 && conditions.requests <= conditions.requestsPerJob,
    ),
    faults: given.faults ?? randomFaults(random, most, losesCreates),
    trace: new Trace(keepsLines),
    disk: new StorageDisk(secret),
    service: new ProviderService(conditions, random),
    asks: [],
    effects: [],
    occurred: new Map(),
    said: [],
    ids: 0,
    stuck: undefined,
  };
}

function conditionsOf({
  losesCreates,
  hasManyShards,
  findsByContent,
  runsHere,
}: Omit<Schedule, "seed">): typeof randomConditions {
  if (runsHere) return runConditions;
  if (findsByContent) return contentConditions;
  if (losesCreates) return slowConditions;
  return hasManyShards ? manyShardsConditions : randomConditions;
}

/**
 * What leaves the library must be its own error, without the secret; and nobody is told of a refusal
 * that comes of our own deletion of an input.
 */
function wrongError(error: unknown): string | undefined {
  if (!LangBatchError.is(error)) return `A foreign error left the library: ${String(error)}.`;
  if (error.message.includes(secret)) return `An error tells the secret: ${error.message}`;
  return isInputGone(error)
    ? `A create was sent with an input that was deleted: ${error.message}`
    : undefined;
}
