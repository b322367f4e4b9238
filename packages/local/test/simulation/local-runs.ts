import type { BatchProvider } from "@langbatch/core";
import { type AskAnswer, ask, askBody, askTimeoutMs } from "../../../core/test/simulation/asks.js";
import type { SimulatedProcess } from "../../../core/test/simulation/simulated-process.js";
import { local } from "../../src/index.js";

/** The provider of one simulated life: ours, with a function that asks in the simulated world. */
export function localRuns(process: SimulatedProcess): BatchProvider {
  const { conditions, scheduler } = process.world;
  const { sleep, random } = process.ports;
  // While one part of a simulated process is suspended, its clock stands still and the others go on: a run
  // would look at it again and again.
  const elapsed = () => scheduler.now;
  const options = {
    ...{ concurrency: conditions.asksAtOnce, timeoutMs: askTimeoutMs / 2, retries: 2 },
    ports: { elapsed, sleep, random },
  };
  const { traits, ...provider } = local({ ...options, handler: async () => ({}) });

  return {
    ...provider,
    async traits(context) {
      return { ...(await traits(context)), maxRequests: conditions.requestsPerJob };
    },
    run(job, input, journal, context) {
      const own = local({
        ...options,
        async handler({ custom_id }, { signal }) {
          const answer = await asked(process, input.tag, custom_id, signal);
          if (answer.status === 200) return askBody(answer);
          throw failure(answer.status, `It is bad: ${answer.token}`);
        },
      });
      return own.run?.(job, input, journal, context) ?? nothing();
    },
  };
}

/** What goes wrong on the way looks like the trouble of an endpoint. */
async function asked(
  process: SimulatedProcess,
  tag: string,
  customId: string,
  signal: AbortSignal,
): Promise<AskAnswer> {
  try {
    return await ask(process, tag, customId, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw process.isDead ? error : failure(503, "The connection broke.");
  }
}

function failure(status: number, message: string): Error {
  return Object.assign(new Error(message), { status, code: "bad_request" });
}

async function* nothing(): AsyncGenerator<never> {}
