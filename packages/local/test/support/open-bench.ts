import type { Job, ShardInput } from "@langbatch/core";
import type { RunOptions } from "../../src/job-parts.js";
import type { Answer, Ask, Question } from "../../src/question.js";
import { runJob } from "../../src/run-job.js";
import { type FixedGate, fixedGate } from "./fixed-gate.js";
import { type MemoryJournal, memoryJournal } from "./memory-journal.js";
import { simpleJudge } from "./simple-judge.js";
import { steadyBlob } from "./steady-blob.js";
import { type VirtualClock, virtualClock } from "./virtual-clock.js";

/** One time that a request was asked. */
export interface Asking {
  readonly customId: string;
  readonly question: Question;
  /** The how-manieth time of this request; the first is 1. */
  readonly time: number;
  /** When it was asked. */
  readonly at: number;
  readonly signal: AbortSignal;
}

/** What comes of an asking, and after how long; `never` where it ignores even its signal. */
export type Scripted = { readonly answer: Answer; readonly afterMs: number } | "never";

/** One job, whoever answers it, and the time it takes. */
export interface Bench {
  readonly clock: VirtualClock;
  readonly journal: MemoryJournal;
  readonly gate: FixedGate;
  readonly input: ShardInput;
  readonly job: Job;
  /** All that was asked, in its order. */
  readonly asked: readonly Asking[];
  /** How many are asked at present. */
  readonly asking: number;
  /** A run of the job that begins where the journal ends. */
  open(signal?: AbortSignal): AsyncGenerator<Job>;
  /** Runs the job to its end. Every snapshot. */
  run(signal?: AbortSignal): Promise<Job[]>;
}

export interface BenchOptions {
  readonly requests: number;
  /** Default: 8. */
  readonly concurrency?: number;
  readonly options?: RunOptions;
  /** Default: 200 after 100 ms. */
  readonly script?: (asking: Asking) => Scripted;
  /** How long an append takes, in milliseconds. Default: 10. */
  readonly appendMs?: number;
  readonly clock?: VirtualClock;
  readonly gate?: FixedGate;
  readonly journal?: MemoryJournal;
  /** Default: `job`. */
  readonly tag?: string;
  /** Default: chat completions. */
  readonly lineOf?: (position: number) => string;
}

export const chatUrl = "/v1/chat/completions";

export function openBench({
  requests,
  concurrency = 8,
  options = {},
  script = () => reply(200, 100),
  appendMs = 10,
  clock = virtualClock(),
  gate = fixedGate(concurrency),
  journal = memoryJournal(() => clock.ports.sleep(appendMs)),
  tag = "job",
  lineOf = chatLine,
}: BenchOptions): Bench {
  const asked: Asking[] = [];
  const times = new Map<string, number>();
  let asking = 0;
  const lines = Array.from({ length: requests }, (_, position) => `${lineOf(position)}\n`);
  const data = steadyBlob(lines);
  const input = { tag, name: `${tag}.jsonl`, requests, model: undefined, data };
  const job: Job = { id: tag, status: "in_progress", rawStatus: "in_progress", createdAt: 0 };

  const ask: Ask = async (question, signal) => {
    const { customId } = question;
    const time = (times.get(customId) ?? 0) + 1;
    times.set(customId, time);
    const own = { customId, question, time, at: clock.now, signal };
    asked.push(own);
    const scripted = script(own);
    if (scripted === "never") return new Promise(() => {});
    asking += 1;
    try {
      await clock.ports.sleep(scripted.afterMs, signal);
      return scripted.answer;
    } finally {
      asking -= 1;
    }
  };

  function open(signal?: AbortSignal): AsyncGenerator<Job> {
    const context = { endpoint: chatUrl, ...(signal && { signal }) };
    const parts = { ask, judge: simpleJudge, gate, options, ports: clock.ports };
    return runJob(job, input, journal, context, parts);
  }

  return {
    clock,
    journal,
    gate,
    input,
    job,
    asked,
    get asking() {
      return asking;
    },
    open,
    async run(signal) {
      const seen: Job[] = [];
      await clock.run(drain(open(signal), seen));
      return seen;
    },
  };
}

/** Reads a run to its end. */
export async function drain(run: AsyncGenerator<Job>, seen: Job[] = []): Promise<Job[]> {
  for await (const job of run) seen.push(job);
  return seen;
}

const success = '{"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}';

export function reply(status: number, afterMs: number): Scripted {
  const text = status === 200 ? success : `{"error":{"message":"Said ${status}."}}`;
  return { answer: { came: "response", status, text }, afterMs };
}

export function chatLine(position: number): string {
  return JSON.stringify({
    custom_id: `request-${position}`,
    method: "POST",
    url: chatUrl,
    body: { model: "m", messages: [{ role: "user", content: `Question ${position}` }] },
  });
}
