import { smallConditions } from "./conditions.js";
import { type EffectKind, type FaultKind, faultsOf, fixedFaults } from "./faults.js";
import { runSchedule, type Schedule } from "./schedule.js";

/** A fault, and the number of the effect that has it. */
export interface PlacedFault {
  readonly at: number;
  readonly fault: FaultKind;
}

/** The small world with these faults and no others. */
export function scheduleWith(seed: number, faults: readonly PlacedFault[]): Schedule {
  const placed = new Map(faults.map(({ at, fault }) => [at, fault]));
  return { seed, conditions: smallConditions, faults: fixedFaults(placed) };
}

/** Every fault that any effect of the healthy schedule can have, one at a time. */
export async function* singleFaults(seed: number): AsyncGenerator<readonly PlacedFault[]> {
  const { effects } = await runSchedule(scheduleWith(seed, []));
  for (const fault of faultsFrom(effects, 0)) yield [fault];
}

/** Every single fault, together with every fault that any effect after it can have. */
export async function* pairFaults(seed: number): AsyncGenerator<readonly PlacedFault[]> {
  for await (const first of singleFaults(seed)) {
    // Where the first fault leads is known only once it has happened.
    const { effects } = await runSchedule(scheduleWith(seed, first));
    const [{ at } = { at: 0 }] = first;
    for (const second of faultsFrom(effects, at + 1)) yield [...first, second];
  }
}

function* faultsFrom(effects: readonly EffectKind[], first: number): Generator<PlacedFault> {
  for (let at = first; at < effects.length; at += 1) {
    const effect = effects[at];
    if (effect === undefined) continue;
    for (const fault of faultsOf[effect]) yield { at, fault };
  }
}

/** Faults as the command line names them: `12:kill-after,40:lost`. */
export function formatFaults(faults: readonly PlacedFault[]): string {
  return faults.map(({ at, fault }) => `${at}:${fault}`).join(",");
}

/** What {@link formatFaults} has written. @throws `TypeError` where it is none of that. */
export function parseFaults(text: string): PlacedFault[] {
  return text.split(",").map((part) => {
    const [at, name] = part.split(":");
    const fault = Object.values(faultsOf)
      .flat()
      .find((known) => known === name);
    if (fault === undefined || !/^\d+$/.test(at ?? "")) {
      throw new TypeError(
        `${part} is no fault. Write the number of the effect and the fault: 12:lost`,
      );
    }
    return { at: Number(at), fault };
  });
}
