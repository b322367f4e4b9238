import type { Job } from "@langbatch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runJob } from "../src/run-job.js";
import { fixedGate } from "./support/fixed-gate.js";
import { memoryJournal } from "./support/memory-journal.js";
import { chatLine, chatUrl, drain, reply } from "./support/open-bench.js";
import { simpleJudge } from "./support/simple-judge.js";
import { steadyBlob } from "./support/steady-blob.js";
import { virtualClock } from "./support/virtual-clock.js";

interface Kill {
  /** The how-manieth effect is the process's last. */
  readonly atEffect: number;
  /** How much of an append that it dies in is there. */
  readonly part: number;
}

interface Schedule {
  readonly requests: number;
  readonly concurrency: number;
  readonly appendMs: number;
  readonly groupByPrefix: boolean;
  /** How long answers take, in turn. */
  readonly latenciesMs: readonly number[];
  /** What they are, in turn; the last attempts are answered. */
  readonly statuses: readonly number[];
  readonly kills: readonly Kill[];
}

const never = new Promise<never>(() => {});

/** A process that may die at an effect, after which nothing of it is seen. */
function openLife(kill: Kill | undefined) {
  let effects = 0;
  let isDead = false;
  let die = () => {};
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  return {
    death,
    part: kill?.part ?? 1,
    get isDead() {
      return isDead;
    },
    /** Whether it lives on after what it has just done. */
    livesOn(): boolean {
      effects += 1;
      if (effects === kill?.atEffect) {
        isDead = true;
        die();
      }
      return !isDead;
    },
  };
}

async function play(schedule: Schedule) {
  const { requests, concurrency, appendMs, groupByPrefix, latenciesMs, statuses, kills } = schedule;
  const clock = virtualClock();
  const journal = memoryJournal();
  const data = steadyBlob(Array.from({ length: requests }, (_, at) => `${chatLine(at)}\n`));
  const input = { tag: "job", name: "job.jsonl", requests, model: undefined, data };
  const job: Job = { id: "job", status: "in_progress", rawStatus: "in_progress", createdAt: 0 };
  let asks = 0;
  let mostUnkept = 0;
  const problems: string[] = [];

  async function live(kill: Kill | undefined): Promise<Job[]> {
    const life = openLife(kill);
    const asked = new Set<string>();
    const { elapsed, sleep, random } = clock.ports;
    const ports = {
      elapsed,
      random,
      async sleep(ms: number, signal?: AbortSignal) {
        await sleep(ms, signal);
        if (life.isDead) await never;
      },
    };
    const ownJournal = {
      read: journal.read,
      async append(bytes: Uint8Array) {
        if (!life.livesOn()) {
          journal.tear(bytes.subarray(0, Math.floor(bytes.length * life.part)));
          return never;
        }
        await ports.sleep(appendMs);
        await journal.append(bytes);
        if (!life.livesOn()) return never;
      },
    };
    const seen: Job[] = [];
    const run = runJob(
      job,
      input,
      ownJournal,
      { endpoint: chatUrl },
      {
        gate: fixedGate(concurrency),
        judge: simpleJudge,
        options: { groupByPrefix },
        ports,
        async ask({ customId }, signal) {
          const kept = new Set(journal.ids);
          const id = customId.replace("request", "job");
          if (kept.has(id)) problems.push(`${customId} was asked although its line is there.`);
          asked.add(id);
          mostUnkept = Math.max(mostUnkept, [...asked].filter((one) => !kept.has(one)).length);
          const scripted = reply(
            statuses[asks % statuses.length] ?? 200,
            latenciesMs[asks % latenciesMs.length] ?? 0,
          );
          asks += 1;
          if (!life.livesOn() || scripted === "never") return never;
          await ports.sleep(scripted.afterMs, signal);
          return life.livesOn() ? scripted.answer : never;
        },
      },
    );
    await clock.run(Promise.race([drain(run, seen), life.death]));
    return seen;
  }

  for (const kill of kills) await live(kill);
  const seen = await live(undefined);
  return { last: seen.at(-1), asks, mostUnkept, problems, journal };
}

const schedules = fc.record({
  requests: fc.integer({ min: 1, max: 30 }),
  concurrency: fc.integer({ min: 1, max: 6 }),
  appendMs: fc.constantFrom(0, 5, 50),
  groupByPrefix: fc.boolean(),
  latenciesMs: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 }),
  statuses: fc.constant([200]),
  kills: fc.array(
    fc.record({
      atEffect: fc.integer({ min: 1, max: 60 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 4 },
  ),
});

describe("a job whose process dies", () => {
  it("brings every request exactly one line, and asks few of them twice, whenever it dies", async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const { requests, concurrency, kills } = schedule;
        const { last, asks, mostUnkept, problems, journal } = await play(schedule);
        expect(problems).toEqual([]);
        expect(journal.ids.toSorted()).toEqual(
          Array.from({ length: requests }, (_, at) => `job-${at}`).toSorted(),
        );
        expect(last).toMatchObject({
          status: "completed",
          counts: { total: requests, completed: requests, failed: 0 },
          report: { usage: { totalTokens: requests * 5 } },
        });
        expect(asks).toBeLessThanOrEqual(requests + concurrency * kills.length);
        expect(mostUnkept).toBeLessThanOrEqual(concurrency);
      }),
      { numRuns: 60 },
    );
  });

  it("does so too where requests fail and are told to come later", async () => {
    const troubled = fc.record({
      schedule: schedules,
      statuses: fc.array(fc.constantFrom(200, 429, 500, 503, 400, 200), {
        minLength: 1,
        maxLength: 6,
      }),
    });
    await fc.assert(
      fc.asyncProperty(troubled, async ({ schedule, statuses }) => {
        const answered = { ...schedule, statuses: [...statuses, 200] };
        const { last, problems, journal } = await play(answered);
        expect(problems).toEqual([]);
        expect(journal.ids.toSorted()).toEqual(
          Array.from({ length: schedule.requests }, (_, at) => `job-${at}`).toSorted(),
        );
        const { total, completed, failed } = last?.counts ?? { total: 0, completed: 0, failed: 0 };
        expect(completed + failed).toBe(total);
      }),
      { numRuns: 40 },
    );
  });
});
