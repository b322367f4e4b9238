import type { BatchProvider, JsonObject } from "@langbatch/core";
import { compatibleProvider } from "./compatible-provider.js";
import { clientOf, type OpenAIOptions } from "./openai-options.js";
import { profileOf } from "./profile-of.js";

/** Runs jobs at OpenAI's Batch API, or any service that speaks it. Reads and sends nothing yet. */
export function openai(options: OpenAIOptions = {}): BatchProvider {
  const { completionWindow = "24h", metadata, service } = options;
  return compatibleProvider({
    id: "openai",
    settings: {
      completionWindow,
      ...(metadata && { metadata }),
      ...(service && { service: service as string | (typeof service & JsonObject) }),
    },
    completionWindow,
    metadata,
    profile: () => profileOf(options),
    connect: () => clientOf(options),
  });
}
