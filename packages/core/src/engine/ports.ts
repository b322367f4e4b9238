import { randomBytes } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stateDirectory } from "../state-directory.js";

/**
 * Time and chance, as the engine sees them. Nothing else in core reads a clock, sets a timer or rolls
 * a die, so that a test decides all of it.
 */
export interface Ports {
  /** Milliseconds since 1970; may jump when the user sets the clock. */
  now(): number;
  /** Milliseconds since some moment; never jumps, but may stand still while the machine sleeps. */
  elapsed(): number;
  /** Resolves after `ms`, or rejects with the signal's reason once it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that is aborted after `ms`. */
  timeout(ms: number): AbortSignal;
  /** At least 0, below 1. */
  random(): number;
  /** 20 letters and digits, different at every call. */
  newId(): string;
  /** Tells the user what must not pass unseen: a job paid twice, for example. */
  warn(message: string): void;
  /** Keeps a line outside the storage, which has just failed; durable when it resolves. */
  emergency(line: string): Promise<void>;
}

/** In the state directory: the jobs that were created while the storage could not record them. */
const emergencyFile = "emergency.jsonl";

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The machine's own clock and chance. */
export const systemPorts: Ports = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    // A longer timer would fire at once (Node.js documentation, `setTimeout`).
    const longest = 2_147_483_647;
    try {
      await sleep(Math.min(ms, longest), undefined, { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
  timeout: (ms) => AbortSignal.timeout(Math.max(0, Math.ceil(ms))),
  random: () => Math.random(),
  newId() {
    // A byte modulo 36 favours four letters a little, which an id of 20 does not feel.
    return Array.from(randomBytes(20), (byte) => alphabet[byte % alphabet.length]).join("");
  },
  warn: (message) => process.emitWarning(message, "LangBatchWarning"),
  async emergency(line) {
    const directory = stateDirectory();
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = await open(join(directory, emergencyFile), "a", 0o600);
    try {
      await file.appendFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  },
};
