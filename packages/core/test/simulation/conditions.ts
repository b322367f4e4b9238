import type { Random } from "./random.js";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** The day the simulated world begins, in milliseconds since 1970. */
export const epochMs: number = Date.UTC(2026, 0, 1);

/** What is true of one simulated world from its beginning to its end. Times in milliseconds. */
export interface Conditions {
  /** How many processes work on the batch at the same time. */
  readonly processes: number;
  readonly requests: number;
  /** How many requests one job holds. */
  readonly requestsPerJob: number;
  readonly settleMs: number;
  /** How long after its acceptance a list may still hide a job. */
  readonly listLagMs: number;
  /** How long reading a list takes at most: what comes to be meanwhile is not in it. */
  readonly listReadMs: number;
  /** Until when every list says that it may lack something, from the beginning of the world on. */
  readonly listGapMs: number;
  /** How long a job may stay unseen when it is asked for by its id. */
  readonly getLagMs: number;
  /** How late a create may take effect that is only late. */
  readonly lateMs: number;
  /** How late a create may take effect that is very late: only a fence saves us. */
  readonly veryLateMs: number;
  /** How far the provider's clock is ahead. */
  readonly providerSkewMs: number;
  /** How far the clock of a process may be wrong. */
  readonly clockErrorMs: number;
  /** How likely somebody sets the clock of a process while it sleeps. */
  readonly clockSets: number;
  /** How long a job runs at most; or one request, where the process asks it. */
  readonly runsMs: number;
  /**
   * How long a job may need its input after its acceptance. Where that is deleted sooner, all of the
   * job fails, and nothing is billed. 0: the provider keeps a copy.
   */
  readonly needsInputMs: number;
  /** Whether a job that runs may have a status that nobody knows yet. */
  readonly unknownStatus: boolean;
  /** How long a process pauses at most, and rests between two lives. */
  readonly pauseMs: number;
  /** How long after the first process the second one begins at most. Default: `pauseMs`. */
  readonly startsApartMs?: number;
  /** How likely a job ends otherwise than completed, and a request otherwise than answered. */
  readonly badEnds: number;
  /** How many further rounds the user lets `wait` plan. */
  readonly retries: number;
  /** Whether the user asks once more for all that has no success, by hand. */
  readonly retriesByHand: boolean;
  /** How many jobs of the batch the user wants to be active at once. */
  readonly maxActiveJobs: number;
  /** How many jobs the provider lets be active at once. */
  readonly room: number;
  /** What it does with one more: refuses to create it, or creates it and lets it fail. */
  readonly withoutRoom: "refuse" | "fail";
  /**
   * What becomes of a job's input: uploaded, and deleted when asked; uploaded, and never deleted; or
   * sent with the create. Without deleting there is no fence, so that no create can be very late.
   */
  readonly inputs: "deletable" | "kept" | "inline";
  /** Whether the inputs there are counted, so that each is deleted once its results are home. */
  readonly temporaryInputs: boolean;
  /** What a list shows of where a job came from; where it is nothing, only what it brought does. */
  readonly shows: "both" | "tag" | "input" | "nothing";
  /** How many jobs of other people are in the list. */
  readonly strangers: number;
  /** Whether the user has all deleted at the provider in the end, and comes again later. */
  readonly cleans: boolean;
  /**
   * How many requests a process asks at the same time, where the provider leaves its jobs to the process
   * that waits. 0: it runs them itself.
   */
  readonly asksAtOnce: number;
  /** Whether the storage can append to a blob. */
  readonly appends: boolean;
}

/** How many times the user's script must come to its end. */
export function scripts({ processes, cleans }: Conditions): number {
  return cleans ? processes + 1 : processes;
}

/** Any world that the engine must be able to live in. */
export function randomConditions(random: Random, processes: number): Conditions {
  const requests = random.between(1, 4);
  const inputs: Conditions["inputs"] = random.chance(0.7)
    ? "deletable"
    : random.pick(["kept", "inline"]);
  const lateMs = minuteMs;
  return {
    processes,
    requests,
    requestsPerJob: random.chance(0.6) ? requests : Math.ceil(requests / 2),
    settleMs: random.pick([4 * minuteMs, 4 * minuteMs, 5 * minuteMs, 15 * minuteMs]),
    listLagMs: random.pick([0, 5 * secondMs, minuteMs, 2 * minuteMs]),
    listReadMs: random.pick([0, 0, 0, 20 * secondMs, 20 * minuteMs]),
    listGapMs: random.chance(0.9) ? 0 : random.pick([hourMs, 6 * hourMs]),
    getLagMs: random.pick([0, 0, minuteMs, 10 * minuteMs]),
    lateMs,
    veryLateMs: inputs === "deletable" ? random.pick([30 * minuteMs, 3 * hourMs]) : lateMs,
    providerSkewMs: random.chance(0.5) ? 0 : random.between(-hourMs, hourMs),
    clockErrorMs: random.pick([
      0,
      0,
      0,
      0,
      0,
      minuteMs,
      minuteMs,
      2 * hourMs,
      2 * hourMs,
      24 * hourMs,
    ]),
    clockSets: random.chance(0.9) ? 0 : 0.3,
    runsMs: random.pick([10 * secondMs, minuteMs, 10 * minuteMs, 10 * minuteMs, 40 * minuteMs]),
    needsInputMs: random.pick([0, 0, 20 * secondMs, 5 * minuteMs]),
    unknownStatus: random.chance(0.2),
    pauseMs: random.pick([10 * secondMs, minuteMs, 15 * minuteMs, 15 * minuteMs, 4 * hourMs]),
    badEnds: random.chance(0.7) ? 0 : 0.3,
    retries: 0,
    retriesByHand: false,
    maxActiveJobs: 100,
    room: 100,
    withoutRoom: "refuse",
    inputs,
    shows: random.chance(0.8)
      ? "both"
      : inputs === "inline"
        ? "tag"
        : random.pick(["tag", "input"]),
    strangers: random.chance(0.8) ? 0 : random.between(1, 2),
    cleans: random.chance(0.3),
    temporaryInputs: inputs === "deletable" && random.chance(0.3),
    asksAtOnce: 0,
    appends: false,
  };
}

/**
 * Any world in which it takes long to see what came of a create, for the time there is to look; and by
 * clocks that go wrong.
 */
export function slowConditions(random: Random, processes: number): Conditions {
  const any = randomConditions(random, processes);
  const inputs = random.chance(0.7) ? any.inputs : "kept";
  return {
    ...any,
    inputs,
    veryLateMs: inputs === "deletable" ? any.veryLateMs : any.lateMs,
    settleMs: 4 * minuteMs,
    listLagMs: 2 * minuteMs,
    listReadMs: random.pick([0, 20 * minuteMs]),
    clockErrorMs: 2 * hourMs,
    clockSets: random.pick([0, 0.3]),
    needsInputMs: random.pick([0, any.runsMs]),
    pauseMs: random.pick([10 * secondMs, 15 * minuteMs, 4 * hourMs]),
  };
}

/**
 * Any world in which a batch has many jobs, which do not all find room, and several rounds: most jobs
 * leave something to ask for again.
 */
export function manyShardsConditions(random: Random, processes: number): Conditions {
  const any = randomConditions(random, processes);
  const requests = random.between(3, 12);
  return {
    ...any,
    requests,
    requestsPerJob: random.between(1, Math.max(1, Math.floor(requests / 2))),
    badEnds: random.pick([0, 0.3, 0.6]),
    retries: random.between(0, 3),
    // Another process may have gone home with what was there before.
    retriesByHand: processes === 1 && !any.cleans && random.chance(0.3),
    maxActiveJobs: random.pick([1, 2, 3, 100]),
    room: random.pick([1, 2, 3, 100]),
    withoutRoom: random.pick(["refuse", "fail"]),
  };
}

/**
 * Any world whose provider takes requests with the create, and shows nothing of where a job came from:
 * only its results tell. Other people's jobs are as large as ours.
 */
export function contentConditions(random: Random, processes: number): Conditions {
  const others = [randomConditions, slowConditions] as const;
  const make = random.pick([...others, ...others, manyShardsConditions]);
  const any = make(random, processes);
  return {
    ...any,
    inputs: "inline",
    shows: "nothing",
    temporaryInputs: false,
    veryLateMs: any.lateMs,
    needsInputMs: 0,
    withoutRoom: "refuse",
    strangers: random.pick([0, 0, 1, 2, 4]),
  };
}

/** Any world whose jobs run in the processes that wait: each asks some requests at the same time. */
export function runConditions(random: Random, processes: number): Conditions {
  const any = random.pick([randomConditions, manyShardsConditions] as const)(random, processes);
  return {
    ...any,
    asksAtOnce: random.between(1, 3),
    appends: random.chance(0.5),
    inputs: "inline",
    temporaryInputs: false,
    // Nobody else has jobs, or knows of ours.
    strangers: 0,
    runsMs: random.pick([secondMs, 10 * secondMs, minuteMs]),
    pauseMs: random.pick([10 * secondMs, minuteMs, 15 * minuteMs]),
    startsApartMs: random.pick([20, minuteMs]),
    room: 100,
  };
}

/** One small world with short times, of which every fault can be tried. */
export const smallConditions: Conditions = {
  processes: 1,
  requests: 2,
  requestsPerJob: 2,
  settleMs: minuteMs,
  listLagMs: 20 * secondMs,
  listReadMs: 0,
  listGapMs: 0,
  getLagMs: 0,
  lateMs: 15 * secondMs,
  veryLateMs: 10 * minuteMs,
  providerSkewMs: 0,
  clockErrorMs: 2 * hourMs,
  clockSets: 0,
  runsMs: 10 * secondMs,
  needsInputMs: 5 * secondMs,
  unknownStatus: false,
  pauseMs: 10 * minuteMs,
  badEnds: 0,
  retries: 0,
  retriesByHand: false,
  maxActiveJobs: 100,
  room: 100,
  withoutRoom: "refuse",
  inputs: "deletable",
  temporaryInputs: false,
  shows: "both",
  strangers: 0,
  cleans: false,
  asksAtOnce: 0,
  appends: false,
};
