import { LangBatchError } from "@langbatch/core";
import type { ServiceProfile } from "./service-profile.js";

/** What is about to be asked of a service. */
interface Wanted {
  readonly endpoint: string;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly providerId: string;
}

/**
 * Refuses what the service is known not to take, before anything is stored or sent.
 *
 * @throws `invalid_option` for an endpoint it has no batches for, a completion window outside its
 * limits, or metadata where it keeps none.
 */
export function assertTaken(
  { name, endpoints, completionWindows, keepsMetadata }: ServiceProfile,
  { endpoint, completionWindow, metadata, providerId }: Wanted,
): void {
  if (endpoints && !endpoints.includes(endpoint)) {
    throw new LangBatchError(
      "invalid_option",
      `${name} has no batches for ${endpoint}, only for ${endpoints.join(", ")}. Use the class of one of these, or another service.`,
      { provider: providerId },
    );
  }
  if (keepsMetadata === false && metadata && Object.keys(metadata).length > 0) {
    throw new LangBatchError(
      "invalid_option",
      `\`metadata\` is given, but ${name} keeps none with a batch. Leave it out.`,
      { provider: providerId },
    );
  }
  if (!completionWindows) return;
  const [shortest, longest] = completionWindows;
  const hours = hoursOf(completionWindow);
  if (hours >= hoursOf(shortest) && hours <= hoursOf(longest)) return;
  const limits = shortest === longest ? shortest : `${shortest} to ${longest}`;
  throw new LangBatchError(
    "invalid_option",
    `\`completionWindow\` is ${JSON.stringify(completionWindow)}; ${name} takes ${limits}.`,
    { provider: providerId },
  );
}

/** `24h` or `7d` in hours; no number where it is neither. */
function hoursOf(window: string): number {
  const [, count, unit] = /^(\d+)([hd])$/.exec(window) ?? [];
  return Number(count) * (unit === "d" ? 24 : 1);
}
