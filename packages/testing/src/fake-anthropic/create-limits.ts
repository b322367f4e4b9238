import { Refusal } from "./anthropic-error.js";
import { type FakeWorkspace, isSameWorkspace } from "./workspaces.js";

/** Requests that wait for their answer. */
export interface QueuedRequests {
  readonly owner: FakeWorkspace;
  readonly requests: number;
}

/**
 * Makes sure that a workspace has room for one more batch beside all that is queued: Anthropic API
 * documentation, "Rate limits", "Message Batches API".
 *
 * @throws Refusal where it has not.
 */
export function assertRoom(
  queued: readonly QueuedRequests[],
  batch: QueuedRequests,
  most: number,
): void {
  const own = queued.filter(({ owner }) => isSameWorkspace(owner, batch.owner));
  const waiting = own.reduce((sum, { requests }) => sum + requests, 0);
  if (waiting + batch.requests <= most) return;
  const message = `This request would exceed the limit of ${most} batch requests in the processing queue; ${waiting} are in it.`;
  throw new Refusal(429, message);
}

/** Counts the creates of each workspace, also those that are refused for another reason. */
export interface CreateRate {
  /** @throws Refusal where there were too many within the last minute. */
  count(workspace: FakeWorkspace): void;
}

const minuteMs = 60_000;

/** A rate that nothing has counted for yet. */
export function createCreateRate(perMinute: number, now: () => number): CreateRate {
  const counted = new Map<string, readonly number[]>();
  return {
    count({ organization, workspace }) {
      const key = JSON.stringify([organization, workspace]);
      const recent = (counted.get(key) ?? []).filter((time) => now() - time < minuteMs);
      const [oldest] = recent.slice(-perMinute);
      if (recent.length < perMinute || oldest === undefined) {
        counted.set(key, [...recent, now()]);
        return;
      }
      const seconds = Math.ceil((oldest + minuteMs - now()) / 1000);
      const message = `This request would exceed the rate limit of ${perMinute} requests per minute.`;
      throw new Refusal(429, message, { "retry-after": String(seconds) });
    },
  };
}
