import { setTimeout as sleep } from "node:timers/promises";
import type { BatchProvider, EndpointTypes, Job, ProviderTraits } from "@langbatch/core";
import type { JobParts } from "./job-parts.js";
import type { LocalOptions, LocalPorts } from "./local-options.js";
import { type OpenedAsk, openAsk } from "./open-ask.js";
import { openGate } from "./open-gate.js";
import { runJob } from "./run-job.js";
import { judge } from "./verdict.js";

/** Small enough that a job's journal is soon read again, large enough that a batch has few. */
const traits: ProviderTraits = {
  maxRequests: 50_000,
  maxBytes: 200_000_000,
  oneModel: false,
  // A job's name is all that creating it makes.
  recovery: "token",
};

/**
 * Runs batches in this process: `wait()` asks an OpenAI-compatible endpoint, or a function, each request.
 * What is answered is in the storage at once; another process goes on where this one stopped.
 *
 * Jobs that run at the same time share one measure of what the endpoint bears. Nothing is read or sent
 * before `start`.
 */
export function local<E extends EndpointTypes = EndpointTypes>(
  options: LocalOptions<E> = {},
): BatchProvider {
  // The function is asked requests of its own endpoint, and no others.
  const given = options as unknown as LocalOptions;
  const ports: LocalPorts = { ...systemPorts, ...options.ports };
  const gate = openGate(options, ports.elapsed);
  let opened: OpenedAsk | undefined;
  let runs = 0;

  /** Whoever runs a job shares the connections; the last one closes them. */
  async function* withParts(work: (parts: JobParts) => AsyncIterable<Job>): AsyncGenerator<Job> {
    opened ??= openAsk(given);
    const own = opened;
    runs += 1;
    try {
      yield* work({ ask: own.ask, judge: (answer) => judge(answer, own), gate, options, ports });
    } finally {
      runs -= 1;
      if (runs === 0) {
        opened = undefined;
        await own.close();
      }
    }
  }

  return {
    specVersion: 1,
    id: "local",
    settings: {},

    async traits() {
      return traits;
    },

    async create({ tag, requests }, _uploaded, { signal }) {
      signal?.throwIfAborted();
      // A batch that nobody could run is not begun.
      await openAsk(given).close();
      const [status, createdAt] = ["in_progress", Date.now()] as const;
      return { id: tag, tag, status, rawStatus: status, createdAt, requests };
    },

    // Nobody else has a job of ours, and nobody else can be asked about one.
    async *get() {},
    async *list() {},
    async cancel() {},

    async *results(_job, { signal }, journal) {
      signal?.throwIfAborted();
      yield* journal?.read() ?? [];
    },

    run: (job, input, journal, context) =>
      withParts((parts) => runJob(job, input, journal, context, parts)),
  };
}

/** The machine's own clock and chance. */
const systemPorts: LocalPorts = {
  elapsed: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  random: () => Math.random(),
};
