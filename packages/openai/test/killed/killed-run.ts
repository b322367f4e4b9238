import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startFakeOpenAI } from "@langbatch/testing";
import { type ChaosProxy, startChaosProxy } from "../support/chaos-proxy.js";
import { chatLine } from "../support/open-harness.js";
import { type SeededRandom, seededRandom } from "../support/seeded-random.js";
import { drawMoment } from "./kill-moment.js";
import { ledgerProblems, type Problems } from "./ledger-problems.js";
import { type LifeEnd, live } from "./life.js";
import { runAgain, type ScriptOutput, type ScriptSettings } from "./script-settings.js";

/** What all runs of a test have in common. */
export interface RunSetup {
  readonly script: string;
  /** A folder for the runs' own folders. */
  readonly folder: string;
  /** Whether the script talks to the server through the chaos proxy. */
  readonly chaos: boolean;
  /** How long a whole life of the script takes, in milliseconds. */
  readonly wholeMs: () => number;
  readonly signal: AbortSignal;
}

/** What one run of the script was, from its first life to its last. */
export interface RunReport extends Problems {
  readonly seed: number;
  readonly shards: number;
  readonly lives: number;
  /** For each kill, the last request the server had seen of that life. */
  readonly kills: readonly string[];
  /** What lives ended with that had a failure that may pass. */
  readonly failures: readonly string[];
  /** What the proxy did. */
  readonly chaos: readonly string[];
  /** How long the last life took. */
  readonly lastLifeMs: number;
  /** Why the script never came to its end, if it did not. */
  readonly broken: readonly string[];
}

/*
 * A create of a killed process may lie unread in the server's socket. It is no job yet, and must be
 * one before the second of the two looks that call it lost. Both looks go through the same event loop
 * as the create, and the first one after it, so that a busy machine delays them alike. What the time
 * must really cover is how long the server takes to make a job (some ten milliseconds), and, through
 * the proxy, how long a request may arrive in pieces (under 100 ms).
 */
const settleMs = 400;

/** Mostly short, so that a lost create is settled soon; or longer than the SDK takes to ask again. */
const sendDeadlinesMs = [200, 200, 1_500] as const;

/** Far more than any run needs: the chaos ends, and so must the script. */
const mostLives = 60;

/** Runs the script with this seed until it is done, kills it on the way, and compares the ledgers. */
export async function killedRun(setup: RunSetup, seed: number): Promise<RunReport> {
  const random = seededRandom(seed);
  const folder = join(setup.folder, `run-${seed}`);
  await mkdir(join(folder, "tmp"), { recursive: true });
  const paid: string[] = [];
  const server = await startFakeOpenAI({
    clock: "real",
    ...{ validatingMs: 0, runningMs: 50, finalizingMs: 0 },
    seed,
    answer({ custom_id: customId }) {
      paid.push(customId);
      return { kind: "succeed" };
    },
  });
  let proxy: ChaosProxy | undefined;
  try {
    proxy = setup.chaos
      ? await startChaosProxy(server.url, random, random.integer(2, 8))
      : undefined;
    const { answers, shards, settings } = await writeInput(folder, seed, random);
    const argument: ScriptSettings = {
      ...settings,
      baseURL: proxy?.url ?? server.url,
      ...(proxy && { timeoutMs: 600 }),
    };
    const told = JSON.stringify(argument);
    const lived = await liveUntilDone(
      setup,
      random,
      folder,
      told,
      Number(new URL(server.url).port),
    );
    await proxy?.close();
    await server.close();
    const nothing = { duplicates: [], payments: [], results: [] };
    return {
      ...(lived.output
        ? ledgerProblems({ answers, shards }, { jobs: server.jobs, paid, output: lived.output })
        : nothing),
      ...lived,
      seed,
      shards,
      chaos: proxy?.done ?? [],
    };
  } finally {
    await proxy?.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One to twelve requests, in a third of the runs more than one job holds. */
async function writeInput(
  folder: string,
  seed: number,
  random: SeededRandom,
): Promise<{
  readonly answers: ReadonlyMap<string, string>;
  readonly shards: number;
  readonly settings: Omit<ScriptSettings, "baseURL">;
}> {
  const count = random.integer(1, 12);
  const maxRequests = random.share() < 1 / 3 ? random.integer(2, 5) : undefined;
  const answers = new Map<string, string>();
  const lines: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const question = `What is ${number} in run ${seed}?`;
    answers.set(`request-${number}`, `You said: ${question}`);
    lines.push(`${JSON.stringify(chatLine(`request-${number}`, question))}\n`);
  }
  const input = join(folder, "input.jsonl");
  await writeFile(input, lines.join(""));
  const settings = {
    input,
    state: join(folder, "state"),
    settleMs,
    sendDeadlineMs: random.pick(sendDeadlinesMs),
    ...(maxRequests !== undefined && { maxRequests }),
  };
  return { answers, shards: Math.ceil(count / (maxRequests ?? count)), settings };
}

type Lived = Pick<RunReport, "lives" | "kills" | "failures" | "lastLifeMs" | "broken"> & {
  readonly output: ScriptOutput | undefined;
};

async function liveUntilDone(
  setup: RunSetup,
  random: SeededRandom,
  folder: string,
  argument: string,
  port: number,
): Promise<Lived> {
  const kills: string[] = [];
  const failures: string[] = [];
  const mostKills = random.integer(1, 4);
  const environment = {
    ...process.env,
    NODE_OPTIONS: "",
    // Node 22 and newer keep the compiled script here; older ones do not know it.
    NODE_COMPILE_CACHE: join(setup.folder, "compile-cache"),
    TMPDIR: join(folder, "tmp"),
  };
  let end: LifeEnd | undefined;
  let lives = 0;
  const lived = (broken: readonly string[], output?: ScriptOutput): Lived => {
    return { lives, kills, failures, lastLifeMs: end?.lastedMs ?? 0, broken, output };
  };
  while (lives < mostLives) {
    lives += 1;
    end = await live({
      script: setup.script,
      argument,
      environment,
      port,
      moment: kills.length < mostKills ? drawMoment(random) : undefined,
      wholeMs: setup.wholeMs(),
      hangsAfterMs: 120_000,
      signal: setup.signal,
    });
    if (end.by === "hanging") return lived([`It hangs after ${end.lastRequest}.`]);
    if (end.by === "kill") kills.push(end.lastRequest);
    else if (end.code === runAgain) failures.push(end.errors.trim());
    else if (end.code === 0) return lived([], JSON.parse(end.output));
    else return lived([`It ended with ${end.code}: ${end.errors}`]);
  }
  return lived([`It was not done after ${lives} lives: ${failures.at(-1)}`]);
}
