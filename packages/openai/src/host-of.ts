import { LangBatchError } from "@langbatch/core";
import type { AskedService } from "./asked-service.js";

/** The host a client asks, with its port where it is no usual one: `api.openai.com`. */
export function hostOf({ client: { baseURL }, providerId }: HostedService): string {
  if (URL.canParse(baseURL)) return new URL(baseURL).host;
  throw new LangBatchError(
    "invalid_option",
    `\`baseURL\` (or OPENAI_BASE_URL) is ${JSON.stringify(baseURL)}, which is no address. Write it out, as in https://api.openai.com/v1.`,
    { provider: providerId },
  );
}

/** As much of a service as its host is told by. */
type HostedService = Pick<AskedService, "client" | "providerId">;
