import {
  Batch,
  type BatchParts,
  type BatchProvider,
  type BatchResults,
  type ChatCompletionBody,
  type ChatCompletions,
  chatCompletions,
  LangBatchError,
  memoryStorage,
  type RequestLine,
} from "../../src/index.js";
import type { SimulatedProcess } from "./simulated-process.js";
import { simulatedProvider } from "./simulated-provider.js";
import { type MakeRunner, simulatedRuns } from "./simulated-runs.js";
import { simulatedStorage } from "./simulated-storage.js";
import { secret } from "./world.js";

/** As the named classes of provider packages take them: a ready client, and what belongs to it. */
interface SimulatedKwargs {
  readonly client: BatchProvider;
  readonly apiKey: string;
  readonly defaultHeaders: Readonly<Record<string, string>>;
}

class SimulatedBatch extends Batch<ChatCompletions, SimulatedKwargs> {
  static readonly parts: BatchParts<ChatCompletions, SimulatedKwargs> = {
    endpoint: chatCompletions,
    provider: (kwargs) => {
      if (!kwargs)
        throw new LangBatchError("missing_setting", "A simulated batch needs its client.");
      return kwargs.client;
    },
    storage: memoryStorage,
  };
}

/** The ids of the requests of every schedule, in input order. */
export function customIds(requests: number): string[] {
  return Array.from({ length: requests }, (_, at) => `request-${String(at).padStart(2, "0")}`);
}

/** The user's script: what every life of every process does, from its beginning. */
export async function live(
  process: SimulatedProcess,
  makeRunner: MakeRunner = simulatedRuns,
): Promise<BatchResults<ChatCompletions>> {
  const { asksAtOnce } = process.world.conditions;
  const { requests, settleMs, cleans, retries, retriesByHand, maxActiveJobs } =
    process.world.conditions;
  const batch = await SimulatedBatch.createFromRequests(customIds(requests).map(request), {
    key: "the-key",
    storage: simulatedStorage(process),
    ports: process.ports,
    settleMs,
    maxActiveJobs,
    batchKwargs: {
      client: asksAtOnce > 0 ? makeRunner(process) : simulatedProvider(process),
      apiKey: secret,
      defaultHeaders: { authorization: `Bearer ${secret}` },
    },
  });
  const signal = process.wish;
  await batch.start({ signal });
  await batch.wait({ signal, retries, onError() {} });
  if (retriesByHand) {
    await batch.retry({ signal });
    await batch.wait({ signal, onError() {} });
  }
  if (!cleans) return batch.getResults({ signal });
  try {
    await batch.clean({ signal });
  } catch (error) {
    // What is not deleted now is deleted by the next one, or costs nothing.
    if (!LangBatchError.is(error)) throw error;
  }
  return batch.getResults({ signal });
}

function request(customId: string): RequestLine<ChatCompletionBody> {
  return {
    custom_id: customId,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "m", messages: [{ role: "user", content: `question ${customId}` }] },
  };
}
