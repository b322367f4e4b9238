import { parseTag } from "../../src/engine/tag.js";
import type { FaultKind } from "./faults.js";
import { isJson } from "./is-json.js";
import type { SimulatedProcess } from "./simulated-process.js";

/** One request that a process has asked, and what came of it. */
export interface Ask {
  readonly round: number;
  readonly customId: string;
  /** The number of the life that asked it. */
  readonly life: number;
  /** What was answered; different at every ask. `undefined`: it did not arrive. */
  readonly answer: AskAnswer | undefined;
}

export interface AskAnswer {
  readonly status: number;
  readonly token: string;
}

/** How long a client waits for an answer, in milliseconds. */
export const askTimeoutMs = 120_000;

/**
 * Asks one request of the job with this tag: a line in the ledger, and the answer. What goes wrong is
 * thrown: `Error` where no answer came.
 */
export async function ask(
  process: SimulatedProcess,
  tag: string,
  customId: string,
  signal: AbortSignal | undefined,
): Promise<AskAnswer> {
  const { world } = process;
  const fault = await process.begin("ask", customId, world.conditions.runsMs);
  signal?.throwIfAborted();
  const round = parseTag(tag)?.round ?? -1;
  if (world.conditions.processes === 1) {
    world.stuck ??= askedInVain(process, round, customId);
  }
  const answer = fault === "lost" ? undefined : answerTo(process, customId);
  world.asks.push({ round, customId, life: process.number, answer });
  await endOf(process, fault, signal);
  if (!answer) throw new Error("The connection broke.");
  return answer;
}

async function endOf(
  process: SimulatedProcess,
  fault: FaultKind | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (fault === "hang") {
    await process.hang(askTimeoutMs, signal);
    signal?.throwIfAborted();
  }
  if (fault === "hang" || fault === "unanswered") throw new Error("The answer did not come.");
  if (fault !== undefined) await process.end(fault);
}

function answerTo({ world }: SimulatedProcess, customId: string): AskAnswer {
  const isBad = world.random.chance(world.conditions.badEnds);
  return { status: isBad ? 400 : 200, token: `${customId}-${world.asks.length}` };
}

/** Why nobody should ask a request: an answer of this round is durable, or a success of an earlier one. */
function askedInVain(
  { world }: SimulatedProcess,
  round: number,
  customId: string,
): string | undefined {
  for (const key of world.disk.keys("blobs/")) {
    const [, , askedIn, , blob] = key.split("/");
    if (!blob?.startsWith("journal")) continue;
    for (const line of world.disk.readBlob(key).toString("utf8").split("\n")) {
      if (!line.includes(`"custom_id":"${customId}"`) || !isJson(line)) continue;
      const isSuccess = line.includes('"status_code":200');
      if (Number(askedIn) === round || isSuccess) {
        return `Asked again: ${customId} in round ${round}, although ${key} has its answer.`;
      }
    }
  }
  return undefined;
}

/** The result line of a request. */
export function askLine(id: string, customId: string, { status, token }: AskAnswer): string {
  const body = askBody({ status, token });
  return JSON.stringify({
    ...{ id, custom_id: customId },
    response: { status_code: status, request_id: `q-${token}`, body },
    error: null,
  });
}

/** What the endpoint says. */
export function askBody({ status, token }: AskAnswer): object {
  if (status !== 200) return { error: { code: "bad_request", message: `It is bad: ${token}` } };
  const message = { role: "assistant", content: `answer ${token}` };
  const choices = [{ index: 0, finish_reason: "stop", message }];
  return { id: token, object: "chat.completion", created: 1, model: "m", choices };
}
