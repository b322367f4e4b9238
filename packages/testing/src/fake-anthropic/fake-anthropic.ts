import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeHttpRequest } from "../fake-http/fake-http-request.js";
import {
  createHttpFaultQueue,
  type HttpFault,
  type RequestMatch,
} from "../fake-http/http-fault.js";
import { runServer } from "../fake-http/run-server.js";
import { createClock, type FakeClock } from "../fake-server/clock.js";
import { readFileLines } from "../fake-server/json-lines.js";
import { createBatchStore } from "./batches.js";
import { createCreateRate } from "./create-limits.js";
import { createJobFaultQueue, type JobFault } from "./job-faults.js";
import type { FakeMessageBatch } from "./ledger.js";
import type { AnswerScript, MessageRequest } from "./outcome.js";
import { type ServeContext, serveRequest } from "./serve-request.js";
import type { FakeWorkspace } from "./workspaces.js";

/** How a fake server behaves. All times are milliseconds of its own clock. */
export interface FakeAnthropicOptions {
  /** The only key that is let in. Default: any key, but there must be one. */
  readonly apiKey?: string;
  /**
   * The workspaces of the keys that are let in: each sees its own batches alone. Default: all keys
   * share one workspace.
   */
  readonly workspaces?: Readonly<Record<string, FakeWorkspace>>;
  /**
   * `fake`: stands still at a fixed date until a test advances it. `real`: runs by itself, for demos.
   * Default: `fake`.
   */
  readonly clock?: "fake" | "real";
  /** What becomes of each request. Default: all succeed with a realistic message. */
  readonly answer?: AnswerScript;
  /** Decides the order of the results. Default: 1. */
  readonly seed?: number;
  /** How long a batch is `in_progress`; requests are answered evenly over it. Default: 10,000. */
  readonly runningMs?: number;
  /** How long it is `canceling`. Default: 1,000. */
  readonly cancelingMs?: number;
  /** When a batch that is not answered expires, counted from its creation. Default: 24 hours. */
  readonly expiresMs?: number;
  /** When the results of a batch are gone, counted from its creation. Default: 29 days. */
  readonly resultsMs?: number;
  /** The most requests in one batch. Default: 100,000. */
  readonly maxRequests?: number;
  /** The most bytes in the body of a create. Default: 256,000,000. */
  readonly maxBytes?: number;
  /**
   * How many requests of a workspace may wait for their answers; a create that brings more is refused
   * with 429. Default: any number.
   */
  readonly maxQueuedRequests?: number;
  /**
   * How many creates of a workspace are let through within a minute; one more is refused with 429 and
   * a `retry-after`. Default: any number.
   */
  readonly createsPerMinute?: number;
}

/** A running fake server, and what a test can do to it and ask of it. */
export interface FakeAnthropic {
  /** What an Anthropic client takes as its base URL, without `/v1`: `http://127.0.0.1:40213`. */
  readonly url: string;
  readonly clock: FakeClock;
  /** Every HTTP request seen so far, oldest first. */
  readonly requests: readonly FakeHttpRequest[];
  /** Every batch ever accepted, oldest first, as it stands now; the deleted ones included. */
  readonly jobs: readonly FakeMessageBatch[];
  /** The requests a batch was created from, in their order, also where it is deleted by now. */
  inputOf(jobId: string): Promise<readonly MessageRequest[]>;
  /** Spoils the next requests that match. Earlier orders come first. Default for `times`: 1. */
  failNext(match: RequestMatch, fault: HttpFault, times?: number): void;
  /** Spoils the next batches that are created, each with all these faults. Default for `times`: 1. */
  failJob(faults: JobFault | readonly JobFault[], times?: number): void;
  /** Breaks every open connection and deletes every file. */
  close(): Promise<void>;
}

/**
 * Starts a fake of Anthropic's Message Batches API on a free port of 127.0.0.1. It keeps state as the
 * real one does, and requests and results in a temporary directory, so that batches of any size leave
 * its memory flat. Close it, or the directory stays.
 */
export async function startFakeAnthropic(
  options: FakeAnthropicOptions = {},
): Promise<FakeAnthropic> {
  const directory = await mkdtemp(join(tmpdir(), "fake-anthropic-"));
  const clock = createClock(options.clock ?? "fake");
  const faults = createHttpFaultQueue();
  const jobFaults = createJobFaultQueue();
  const batches = createBatchStore({
    directory,
    faults: jobFaults,
    now: clock.now,
    base: () => url,
    times: {
      runningMs: options.runningMs ?? 10_000,
      cancelingMs: options.cancelingMs ?? 1000,
      expiresMs: options.expiresMs ?? 86_400_000,
    },
    resultsMs: options.resultsMs ?? 29 * 86_400_000,
    maxQueuedRequests: options.maxQueuedRequests ?? Number.POSITIVE_INFINITY,
    answer: options.answer ?? (() => ({ kind: "succeed" })),
    seed: options.seed ?? 1,
  });
  const requests: FakeHttpRequest[] = [];
  const context: ServeContext = {
    keys: { apiKey: options.apiKey, workspaces: options.workspaces },
    batches,
    rate: createCreateRate(options.createsPerMinute ?? Number.POSITIVE_INFINITY, clock.now),
    limits: {
      maxRequests: options.maxRequests ?? 100_000,
      maxBytes: options.maxBytes ?? 256_000_000,
    },
    directory,
    now: clock.now,
    takeFault: faults.take,
    note: (request) => requests.push(request),
  };
  const server = await runServer((request, response) => serveRequest(context, request, response));
  const url = `http://127.0.0.1:${server.port}`;

  return {
    url,
    clock,
    requests,

    get jobs() {
      return Array.from(batches.all.values(), (batch) => ({
        id: batch.id,
        createdAt: batch.createdAt,
        status: batches.lifeOf(batch).status,
        requests: batch.received.requests,
        organization: batch.owner.organization,
        workspace: batch.owner.workspace,
        firstCustomId: batch.received.firstCustomId,
        deleted: batch.isDeleted,
      }));
    },

    async inputOf(jobId) {
      const batch = batches.all.get(jobId);
      if (!batch) throw new Error(`The fake server has accepted no batch ${jobId}.`);
      const input: MessageRequest[] = [];
      for await (const lines of readFileLines(batch.received.path)) {
        for (const { bytes } of lines) input.push(JSON.parse(bytes.toString()));
      }
      return input;
    },

    failNext(match, fault, times = 1) {
      faults.add(match, fault, times);
    },

    failJob(ordered, times = 1) {
      jobFaults.add([ordered].flat(), times);
    },

    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
