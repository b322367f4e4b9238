import type { ServiceProfile } from "@langbatch/openai/compatible";

/** The days an input may be kept are 14 to 30 there (Azure OpenAI documentation, batch how-to). */
const thirtyDays = 2_592_000;

/**
 * Azure's limits (Azure OpenAI documentation, global batch limits): 200 MB in one file. As to requests
 * the guide says 100,000, the API's reference 50,000: the smaller counts. Inputs that expire count
 * against 10,000 files in place of 500. The dated API takes no expiry.
 */
export const classicProfile: ServiceProfile = {
  name: "Azure OpenAI",
  maxRequests: 50_000,
  maxBytes: 200_000_000,
  oneModel: true,
  completionWindows: ["24h", "24h"],
  keepsMetadata: true,
  keyVariable: "AZURE_OPENAI_API_KEY",
};

/** The v1 API, which takes an input's expiry. */
export const azureProfile: ServiceProfile = {
  ...classicProfile,
  inputExpiresAfterSeconds: thirtyDays,
};

/**
 * Through the user's own storage: 1 GB a job, and no metadata (Azure OpenAI documentation, batch with
 * Azure Blob Storage).
 */
export const blobProfile: ServiceProfile = {
  ...classicProfile,
  maxBytes: 1_000_000_000,
  keepsMetadata: false,
};
