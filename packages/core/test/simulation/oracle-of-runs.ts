import type { BatchResults, ChatCompletions } from "../../src/index.js";
import type { Ask } from "./asks.js";
import { scripts } from "./conditions.js";
import { customIds } from "./life.js";
import { isInOrder, leak } from "./oracle.js";
import type { World } from "./world.js";

type Results = BatchResults<ChatCompletions>;

/**
 * What must hold at the end of every schedule whose jobs were run in its processes. The first invariant
 * that is broken, in words; `undefined` where all hold.
 */
export function brokenRun(
  world: World,
  finished: readonly Results[],
  lives: number,
): string | undefined {
  return (
    world.stuck ??
    (finished.length < scripts(world.conditions) ? "A process has not finished." : undefined) ??
    wrongResults(world, finished) ??
    askedInVain(world, lives) ??
    leak(world)
  );
}

function wrongResults({ asks, conditions }: World, finished: readonly Results[]) {
  const ids = customIds(conditions.requests);
  for (const { successful, unsuccessful } of finished) {
    if (!isInOrder(successful) || !isInOrder(unsuccessful)) {
      return "The results are not in input order.";
    }
    if (successful.length + unsuccessful.length !== ids.length) {
      return `There are ${successful.length + unsuccessful.length} results of ${ids.length} requests.`;
    }
    for (const { custom_id, response } of successful) {
      const answered = asks.some(
        ({ customId, answer }) => customId === custom_id && answer?.token === response.body.id,
      );
      if (!answered) return `Invented: nobody has answered ${custom_id} with ${response.body.id}.`;
    }
    for (const { custom_id, error } of unsuccessful) {
      if (!knownCodes.has(error.code)) return `Lost: ${custom_id} ended as ${error.code}.`;
    }
  }
  return undefined;
}

/** What the endpoint may say, or a client of it. */
const knownCodes: ReadonlySet<string> = new Set([
  ...["bad_request", "connection_failed", "request_timeout", "handler_failed"],
]);

/** A request is asked once in a round, but for what was on its way when something went wrong. */
function askedInVain(
  { asks, conditions, occurred, trace }: World,
  lives: number,
): string | undefined {
  let again = 0;
  const seen = new Set<string>();
  for (const ask of asks) {
    if (!isAnswered(ask)) continue;
    const key = `${ask.round} ${ask.customId}`;
    if (seen.has(key)) again += 1;
    seen.add(key);
  }
  let faults = lives - scripts(conditions);
  for (const count of occurred.values()) faults += count;
  const most = conditions.asksAtOnce * runsAtOnce * faults;
  return again > most
    ? `Asked ${again} times again, after ${faults} faults and with ${conditions.asksAtOnce} at once (${trace.hash}).`
    : undefined;
}

/** How many jobs a process runs at the same time. */
const runsAtOnce = 2;

function isAnswered({ answer }: Ask): boolean {
  return answer !== undefined;
}
