import type {
  BatchProvider,
  CallContext,
  ProviderTraits,
  ShardInput,
  UploadedInput,
} from "../../src/index.js";
import { epochMs } from "./conditions.js";
import { contentTraits } from "./content-wire.js";
import type { FaultKind } from "./faults.js";
import { bytesOf } from "./opened-blobs.js";
import { resultChunks } from "./result-chunks.js";
import { type SentRequest, sentRequests } from "./sent-request.js";
import { simulatedCreate } from "./simulated-create.js";
import type { SimulatedProcess } from "./simulated-process.js";
import { connectionLost, incompleteListing, timedOut } from "./troubles.js";

/** The slowest answer that is no fault, in milliseconds. */
const latencyMs = 800;

/** After what time the client gives up by itself, in milliseconds. */
const clientTimeoutMs = 120_000;

/** The shared provider as a client in one process sees it: each call may fail, and may have worked. */
export function simulatedProvider(process: SimulatedProcess): BatchProvider {
  const { service, scheduler, random, conditions } = process.world;
  const traits: ProviderTraits = {
    maxRequests: conditions.requestsPerJob,
    maxBytes: 100_000,
    oneModel: true,
    recovery: "search",
    ...(conditions.shows === "nothing" && contentTraits),
  };

  /** One request; `happen` is what it does at the service, at one moment. */
  async function ask<T>(
    fault: FaultKind | undefined,
    signal: AbortSignal | undefined,
    happen: () => T,
  ): Promise<T> {
    signal?.throwIfAborted();
    if (fault === "lost") throw connectionLost(random);
    if (fault === "hang") {
      if (random.chance(0.5)) happen();
      await process.hang(clientTimeoutMs, signal);
      signal?.throwIfAborted();
      throw timedOut();
    }
    const answer = happen();
    if (fault === "unanswered") throw connectionLost(random);
    if (fault !== undefined) await process.end(fault);
    return answer;
  }

  return {
    specVersion: 1,
    id: "simulated",
    settings: {},

    async traits({ signal }) {
      const fault = await process.begin("traits", "", 0);
      return ask(fault, signal, () => traits);
    },

    ...(conditions.inputs !== "inline" && {
      async upload({ data, name }: ShardInput, { signal }: CallContext) {
        const requests = await requestsOf(data);
        const fault = await process.begin("upload", name, latencyMs);
        return ask(fault, signal, () => ({
          id: service.upload(requests),
          ...(conditions.temporaryInputs && { isTemporary: true as const }),
        }));
      },
    }),

    async create({ tag, data }, uploaded, { signal }) {
      return simulatedCreate(process, tag, uploaded?.id ?? (await requestsOf(data)), signal);
    },

    async *get(jobIds, { signal }) {
      const fault = await process.begin("get", jobIds.join(" "), latencyMs);
      const jobs = await ask(fault, signal, () =>
        jobIds.flatMap((id) => {
          const job = service.find(id, scheduler.now);
          return job ? [service.report(job, scheduler.now)] : [];
        }),
      );
      const seen = fault === "unseen" || fault === "midway" ? jobs.slice(1) : jobs;
      yield* random.shuffle(seen);
      if (fault === "midway") throw connectionLost(random);
    },

    async *list({ since }, { signal }) {
      const fault = await process.begin("list", `since ${since - epochMs}`, latencyMs);
      const jobs = await ask(fault, signal, () => service.list(since, scheduler.now));
      const isIncomplete = fault === "incomplete" || scheduler.now < conditions.listGapMs;
      await process.pass(conditions.listReadMs * random.next());
      if (fault !== "midway" && !isIncomplete) {
        yield* jobs;
        return;
      }
      yield* jobs.slice(0, random.between(0, jobs.length - 1));
      throw fault === "midway" ? connectionLost(random) : incompleteListing();
    },

    async cancel(jobId, { signal }) {
      const fault = await process.begin("cancel", jobId, latencyMs);
      return ask(fault, signal, () => {
        service.cancels.push(jobId);
      });
    },

    async *results({ id }, { signal }) {
      const fault = await process.begin("results", id, latencyMs);
      const job = await ask(fault, signal, () => service.accepted(id));
      if (scheduler.now < job.endsAt || service.isCleaned(id)) return;
      yield* resultChunks(job, fault, conditions, random);
      if (fault === "midway") throw connectionLost(random);
    },

    ...(conditions.inputs === "deletable" && {
      async discard({ id }: UploadedInput, { signal }: CallContext) {
        const fault = await process.begin("discard", id, latencyMs);
        return ask(fault, signal, () => service.discard(id, scheduler.now));
      },
    }),

    async clean({ id }, { signal }) {
      const fault = await process.begin("clean", id, latencyMs);
      return ask(fault, signal, () => service.clean(id, scheduler.now));
    },
  };
}

async function requestsOf(data: Blob): Promise<SentRequest[]> {
  const bytes = bytesOf(data) ?? Buffer.from(await data.arrayBuffer());
  return sentRequests(bytes.toString("utf8"));
}
