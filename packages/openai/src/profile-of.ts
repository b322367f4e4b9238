import { LangBatchError } from "@langbatch/core";
import { isProfile } from "./is-profile.js";
import { type KnownService, knownServices, type ServiceName } from "./known-services.js";
import type { OpenAIOptions } from "./openai-options.js";
import type { ServiceProfile } from "./service-profile.js";

/**
 * What the service behind these options takes: as `service` says, else as its address tells.
 *
 * @throws `invalid_option` where `service` is no known name and no profile.
 */
export function profileOf({ service, client, baseURL }: OpenAIOptions): ServiceProfile {
  if (service !== undefined) return asProfile(service);
  const address = client?.baseURL ?? baseURL ?? process.env.OPENAI_BASE_URL;
  return address ? profileAt(address) : knownServices.openai.profile;
}

function profileAt(address: string): ServiceProfile {
  // Whoever asks finds out that it is no address.
  const host = URL.canParse(address) ? new URL(address).hostname : "";
  const isThere = ({ hosts }: KnownService) =>
    hosts.some((known) => host === known || host.endsWith(`.${known}`));
  return (Object.values(knownServices).find(isThere) ?? knownServices.unknown).profile;
}

function asProfile(service: ServiceName | ServiceProfile): ServiceProfile {
  if (typeof service === "string" && Object.hasOwn(knownServices, service)) {
    return knownServices[service].profile;
  }
  if (isProfile(service)) return service;
  const names = Object.keys(knownServices).join(", ");
  throw new LangBatchError(
    "invalid_option",
    `\`service\` is ${JSON.stringify(service)?.slice(0, 100)}; use one of ${names}, or a whole profile: { ...knownServices.unknown.profile, maxRequests: 1000 }.`,
    { provider: "openai" },
  );
}
