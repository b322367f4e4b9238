import type { Random } from "./random.js";

/** What a process can do to the world outside. */
export type EffectKind =
  | "read-record"
  | "write-record"
  | "read-blob"
  | "write-blob"
  | "open-blob"
  | "list-keys"
  | "append"
  | "remove"
  | "sleep"
  | "traits"
  | "upload"
  | "create"
  | "get"
  | "list"
  | "cancel"
  | "results"
  | "discard"
  | "clean"
  | "ask";

/**
 * What can go wrong with it. `lost`: it did not happen, and an error says so. `unanswered`: it did
 * happen, and an error comes in place of the answer. `hang`: neither, until the caller or its client
 * gives up. `abort`: the user wants the process to stop. `late`: an error comes at once, and it happens later; `dead-late`: the process dies, and
 * it happens later. The others are the names of what comes back.
 */
export type FaultKind =
  | "kill-before"
  | "kill-after"
  | "pause-before"
  | "pause-after"
  | "clock-jump"
  | "abort"
  | "lost"
  | "unanswered"
  | "hang"
  | "hang-accepted"
  | "midway"
  | "server-error-before"
  | "server-error-after"
  | "alien-answer"
  | "quota"
  | "busy"
  | "late"
  | "very-late"
  | "dead-late"
  | "dead-very-late"
  | "incomplete"
  | "unseen"
  | "short"
  | "strays";

const always = [
  ...(["kill-before", "kill-after", "pause-before", "pause-after"] as const),
  ...(["clock-jump", "abort"] as const),
] as const;
const write = [...always, "lost", "unanswered"] as const;

/** Which faults each effect can have. */
export const faultsOf: Readonly<Record<EffectKind, readonly [FaultKind, ...FaultKind[]]>> = {
  "read-record": [...always, "lost"],
  "write-record": write,
  "read-blob": [...always, "lost", "midway"],
  "write-blob": write,
  "open-blob": [...always, "lost"],
  "list-keys": [...always, "lost"],
  append: [...write, "midway"],
  remove: write,
  sleep: always,
  traits: [...always, "lost"],
  upload: [...write, "hang"],
  create: [
    ...write,
    ...(["hang", "hang-accepted", "server-error-before", "server-error-after"] as const),
    ...(["alien-answer", "quota", "busy"] as const),
    ...(["late", "very-late", "dead-late", "dead-very-late"] as const),
  ],
  get: [...always, "lost", "midway", "unseen"],
  list: [...always, "lost", "midway", "incomplete"],
  cancel: write,
  results: [...always, "lost", "midway", "short", "strays"],
  discard: [...write, "hang"],
  clean: [...write, "hang"],
  ask: [...write, "hang"],
};

/** Decides what goes wrong. */
export interface Faults {
  /** The fault of the effect with this number; the first is 0. */
  choose(effect: EffectKind, number: number): FaultKind | undefined;
  /** Whether nothing goes wrong from now on. */
  readonly haveStopped: boolean;
  /** Nothing goes wrong any more. */
  stop(): void;
}

/** These faults and no others, by the number of their effect. */
export function fixedFaults(faults: ReadonlyMap<number, FaultKind>): Faults {
  let left = faults.size;
  return {
    choose(effect, number) {
      const fault = left > 0 ? faults.get(number) : undefined;
      if (fault === undefined) return undefined;
      left -= 1;
      return faultsOf[effect].includes(fault) ? fault : undefined;
    },
    get haveStopped() {
      return left === 0;
    },
    stop() {
      left = 0;
    },
  };
}

const rates = [0, 0, 0.01, 0.03, 0.1, 0.25] as const;
const createRates = [0, 0.2, 0.5, 0.9] as const;

/** What may lose a create that takes effect all the same, now or later. */
const losing = [
  ...(["kill-after", "unanswered", "hang-accepted", "pause-after"] as const),
  // Twice: it takes another process that does not pause meanwhile.
  ...(["pause-before", "pause-before"] as const),
  ...(["late", "very-late", "dead-late", "dead-very-late"] as const),
] as const;

/**
 * Any faults at any effect, each schedule with its own weaknesses; at most `most` of them. Where it
 * `losesCreates`, most creates are lost but take effect.
 */
export function randomFaults(random: Random, most: number, losesCreates = false): Faults {
  const rateOf: Record<"storage" | "provider" | "create" | "sleep", number> = {
    storage: random.pick(rates) / 2,
    provider: random.pick(rates),
    create: losesCreates ? 0.7 : random.pick(createRates),
    sleep: random.pick(rates) / 2,
  };
  let left = most;
  return {
    choose(effect) {
      if (left === 0 || !random.chance(rateOf[groupOf[effect]])) return undefined;
      left -= 1;
      return random.pick(losesCreates && effect === "create" ? losing : faultsOf[effect]);
    },
    get haveStopped() {
      return left === 0;
    },
    stop() {
      left = 0;
    },
  };
}

const groupOf: Readonly<Record<EffectKind, "storage" | "provider" | "create" | "sleep">> = {
  "read-record": "storage",
  "write-record": "storage",
  "read-blob": "storage",
  "write-blob": "storage",
  "open-blob": "storage",
  "list-keys": "storage",
  append: "provider",
  remove: "storage",
  sleep: "sleep",
  traits: "storage",
  upload: "provider",
  create: "create",
  get: "provider",
  list: "provider",
  cancel: "provider",
  results: "provider",
  discard: "provider",
  clean: "provider",
  ask: "provider",
};
