import type { ServiceProfile } from "./service-profile.js";

/**
 * OpenAI's limits (npm `openai` 7.57.0, `resources/batches.d.ts`): 50,000 requests and 200 MB in one
 * file, which is read as decimal megabytes, the smaller. One model in a file, as every compatible
 * service documents it. How many batches may be active is written nowhere; what counts there are the
 * tokens that are enqueued for a model, and 2,000 creations an hour: a hundred at a time stay below.
 */
export const openaiProfile: ServiceProfile = {
  name: "OpenAI",
  maxRequests: 50_000,
  maxBytes: 200_000_000,
  maxActiveJobs: 100,
  oneModel: true,
  keepsMetadata: true,
  keyVariable: "OPENAI_API_KEY",
};
