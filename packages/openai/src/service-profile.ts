import type { ProviderTraits } from "@langbatch/core";

/**
 * What a service that speaks OpenAI's Batch API takes, where services differ: plain data. How they
 * answer is no part of it: every spelling that is known is read from any of them.
 */
export interface ServiceProfile {
  /** As people call it: `Groq`. */
  readonly name: string;
  /** The most requests one job may hold. */
  readonly maxRequests: number;
  /** The most bytes one job's input may hold. */
  readonly maxBytes: number;
  /** The most bytes one request may hold. Default: `maxBytes`. */
  readonly maxLineBytes?: number;
  /** The most jobs of one batch at the service at once. Default: 100, which is far below any limit. */
  readonly maxActiveJobs?: number;
  /** Whether every request of a job must name the same model. */
  readonly oneModel: boolean;
  /** The endpoints whose batches it runs. Default: left to the service to say. */
  readonly endpoints?: readonly string[];
  /** The shortest and the longest completion window: `["24h", "7d"]`. Default: left to the service. */
  readonly completionWindows?: readonly [shortest: string, longest: string];
  /** What it takes as a `custom_id`, as a regular expression: `^.{1,64}$`. Default: any text. */
  readonly customIdPattern?: string;
  /** Where an input is uploaded to, below the base URL. Default: `/files`. */
  readonly uploadPath?: string;
  /** The form field of an upload that repeats the name of its file. Default: none. */
  readonly fileNameField?: string;
  /** The `purpose` an input is uploaded with. Default: `batch`. */
  readonly filePurpose?: string;
  /** How long it is asked to keep an input. Default: as it does unasked. */
  readonly inputExpiresAfterSeconds?: number;
  /**
   * Whether a job keeps its `metadata`, and shows it. Where it does not, none is sent, and a job whose
   * creation was not answered is found by its input. `undefined`: what its jobs show decides.
   */
  readonly keepsMetadata?: boolean;
  /** The environment variable its key is in, as its documents name it: what errors speak of. */
  readonly keyVariable?: string;
}

/** How many jobs of one batch are at a service at once, where its profile says nothing. */
const activeJobs = 100;

/** How a service takes an endpoint, by its profile. */
export function traitsOf(
  profile: ServiceProfile,
  recovery: ProviderTraits["recovery"],
): ProviderTraits {
  const { maxRequests, maxBytes, oneModel, maxActiveJobs = activeJobs } = profile;
  const { maxLineBytes, customIdPattern } = profile;
  const ofLines = maxLineBytes !== undefined && { maxLineBytes };
  const ofIds = customIdPattern !== undefined && { wireId: new RegExp(customIdPattern, "u") };
  return { maxRequests, maxBytes, ...ofLines, ...ofIds, maxActiveJobs, oneModel, recovery };
}
