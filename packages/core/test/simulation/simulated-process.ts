import type { Ports } from "../../src/index.js";
import { epochMs } from "./conditions.js";
import type { EffectKind, FaultKind } from "./faults.js";
import type { World } from "./world.js";

/** What a dead process throws at whatever it still tries. */
class Killed extends Error {
  override readonly name = "Killed";
}

/** More than any schedule needs: who does more, or takes longer, goes round in circles. */
const mostEffects = 30_000;
const longestMs = 20 * 86_400_000;

/** A dead process that still tries so often will never end by itself. */
const mostEffectsAfterDeath = 500;

/**
 * One life of a process: its clocks, its timers, and the gate that each of its effects passes, where
 * it may be delayed, paused or killed.
 */
export class SimulatedProcess {
  readonly world: World;
  /** The first process has the number 1. */
  readonly number: number;
  /** Clock and chance as core sees them. */
  readonly ports: Ports;
  readonly #wish = new AbortController();
  readonly #startedAt: number;
  #clockErrorMs = 0;
  #suspendedMs = 0;
  #frozenUntil = 0;
  #isDead = false;
  #effectsAfterDeath = 0;

  constructor(world: World, number: number) {
    this.world = world;
    this.number = number;
    this.#startedAt = world.scheduler.now;
    if (world.random.chance(0.3)) this.#setClock();
    this.ports = this.#makePorts();
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Aborted once the user wants the process to stop. */
  get wish(): AbortSignal {
    return this.#wish.signal;
  }

  /** Passes the gate before an effect; the fault that the effect itself must show, if any. */
  async begin(
    effect: EffectKind,
    detail: string,
    latencyMs: number,
  ): Promise<FaultKind | undefined> {
    const { world } = this;
    if (this.#isDead) return this.#refuseDead();
    const { scheduler, trace } = world;
    const count = world.effects.push(effect);
    const fault = world.faults.choose(effect, count - 1);
    trace.note(scheduler.now, this.number, effect, detail, fault);
    if (fault !== undefined) {
      const name = `${effect}: ${fault}`;
      world.occurred.set(name, (world.occurred.get(name) ?? 0) + 1);
    }
    if (count > mostEffects || scheduler.now > longestMs) {
      world.stuck ??= `It goes on after ${count} effects and ${Math.round(scheduler.now / 3_600_000)} hours.`;
      this.kill();
    }
    if (fault === "kill-before") this.kill();
    if (fault === "clock-jump") this.#setClock();
    if (fault === "abort") this.#abortWithin(2 * latencyMs);
    if (fault === "pause-before") await this.#pause(effect === "create");
    await this.pass(latencyMs * world.random.next());
    // It may have died of what it does at the same time.
    if (this.#isDead) throw new Killed();
    return fault;
  }

  /** Passes the gate after an effect has happened. */
  async end(fault: FaultKind | undefined): Promise<void> {
    if (fault === "kill-after") this.kill();
    if (fault === "pause-after") await this.#pause(false);
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> | undefined {
    return this.world.scheduler.pass(this.world.scheduler.now + ms);
  }

  /** Waits until the signal is aborted, or the time has passed: an answer that does not come. */
  hang(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { scheduler } = this.world;
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let isOver = false;
      const wake = () => {
        if (isOver) return;
        isOver = true;
        resolve();
      };
      signal?.addEventListener("abort", wake, { once: true });
      scheduler.at(scheduler.now + ms, wake);
    });
  }

  /** Ends the life here. */
  kill(): never {
    this.#isDead = true;
    throw new Killed();
  }

  #refuseDead(): Promise<never> {
    this.#effectsAfterDeath += 1;
    if (this.#effectsAfterDeath <= mostEffectsAfterDeath) throw new Killed();
    this.world.stuck ??= "It does not end although all that it tries fails.";
    return new Promise(() => {});
  }

  /**
   * Neither timers nor code run; a suspended machine does not even count the time. Between a create's
   * last look at the clock and its first byte, only a fence can make that harmless: where there is
   * none, the machine counts on and the timers come first.
   */
  async #pause(isBeforeCreate: boolean): Promise<void> {
    const { random, scheduler, conditions } = this.world;
    const needsTimers = isBeforeCreate && conditions.inputs !== "deletable";
    const ms = random.between(1_000, conditions.pauseMs);
    if (!needsTimers && random.chance(0.5)) this.#suspendedMs += ms;
    this.#frozenUntil = scheduler.now + ms;
    await this.pass(needsTimers ? ms + 1 : ms);
  }

  #abortWithin(ms: number): void {
    const { random, scheduler, trace } = this.world;
    scheduler.at(scheduler.now + random.between(0, ms), () => {
      trace.note(scheduler.now, this.number, "shall stop", "");
      this.#wish.abort(new Error("The user wants it to stop."));
    });
  }

  #setClock(): void {
    const { random, conditions, scheduler, trace } = this.world;
    this.#clockErrorMs = random.between(-conditions.clockErrorMs, conditions.clockErrorMs);
    trace.note(scheduler.now, this.number, "has a clock wrong by", `${this.#clockErrorMs} ms`);
  }

  #makePorts(): Ports {
    const { world } = this;
    const { scheduler, random } = world;
    // What one part of a process waits for a suspended machine, the others may do all the same: their
    // clock stands still then, and never goes back.
    let latest = 0;
    return {
      now: () => Math.floor(epochMs + scheduler.now + this.#clockErrorMs),
      elapsed: () => {
        latest = Math.max(latest, scheduler.now - this.#startedAt - this.#suspendedMs);
        return latest;
      },
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        const fault = await this.begin("sleep", String(Math.round(ms)), 2);
        await this.pass(ms);
        if (random.chance(world.conditions.clockSets)) this.#setClock();
        await this.end(fault);
        signal?.throwIfAborted();
      },
      timeout: (ms) => {
        const controller = new AbortController();
        this.#setTimer(scheduler.now + ms, this.#suspendedMs, () => {
          controller.abort(new DOMException("The time is up.", "TimeoutError"));
        });
        return controller.signal;
      },
      random: () => random.next(),
      newId: () => {
        world.ids += 1;
        return `id${String(world.ids).padStart(18, "0")}`;
      },
      warn: (message) => {
        world.said.push(message);
      },
      emergency: async (line) => {
        if (this.#isDead) throw new Killed();
        world.said.push(line);
      },
    };
  }

  /** A timer counts the time that the machine counts, and fires when the process runs. */
  #setTimer(time: number, suspendedMs: number, fire: () => void): void {
    const { scheduler } = this.world;
    scheduler.at(time, () => {
      if (this.#isDead) return;
      const due = time + this.#suspendedMs - suspendedMs;
      const next = Math.max(due, this.#frozenUntil);
      if (next > scheduler.now) this.#setTimer(next, this.#suspendedMs, fire);
      else fire();
    });
  }
}
