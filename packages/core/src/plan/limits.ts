import { assertCount } from "../assert-option.js";
import { LangBatchError } from "../errors.js";
import type { ProviderTraits } from "../provider/provider.js";
import type { RequestLine } from "../provider/wire.js";

/** What one job may hold at most, as the user wants it. Stored with the batch. */
export interface JobLimits {
  readonly maxRequests?: number;
  /** Bytes of what is sent, line ends included. */
  readonly maxBytes?: number;
  /** Tokens, as they are estimated. */
  readonly maxTokens?: number;
}

/** How many tokens a request is taken to cost. */
export type TokenEstimate = (request: RequestLine) => number;

/** What a plan keeps to: the stricter of the provider's limits and the user's. */
export interface PlanLimits extends Required<JobLimits> {
  readonly minRequests: number;
  /** The most bytes one request may have as it is sent, without its line end. */
  readonly maxLineBytes: number;
  /** What a job has beside its requests, in bytes. */
  readonly frameBytes: number;
  /** What the provider alone would take, for those who must say whose limit it is. */
  readonly provider: Required<Pick<ProviderTraits, "maxRequests" | "maxBytes" | "maxLineBytes">>;
  readonly estimateTokens: TokenEstimate | undefined;
}

const endless = Number.POSITIVE_INFINITY;

/** How the user calls each limit. */
export const optionNames: {
  readonly maxRequests: "maxRequestsPerJob";
  readonly maxBytes: "maxBytesPerJob";
  readonly maxTokens: "maxTokensPerJob";
} = {
  maxRequests: "maxRequestsPerJob",
  maxBytes: "maxBytesPerJob",
  maxTokens: "maxTokensPerJob",
};

/** What a batch takes that makes its jobs smaller than the provider's limits do. */
export interface JobLimitOptions {
  /**
   * The most requests one job may hold. The provider's own limit stays; the stricter one counts.
   * Smaller jobs end earlier and lose less where one fails. Stored with the batch, so that a `retry`
   * packs by it in every process; what the process that calls it says comes first. A job that is taken
   * over with `adopt` stays as it is. Default: what the provider takes.
   */
  readonly maxRequestsPerJob?: number;
  /**
   * The most bytes one job's input may hold as it is sent, line ends included; otherwise as
   * `maxRequestsPerJob`. A request that is larger alone is refused. Default: what the provider takes.
   */
  readonly maxBytesPerJob?: number;
  /**
   * The most tokens one job may hold as `estimateTokens` counts them, for services that bound what is
   * queued at once; otherwise as `maxRequestsPerJob`. A request that has more alone is refused.
   * Default: no limit.
   */
  readonly maxTokensPerJob?: number;
  /**
   * How many tokens a request counts for `maxTokensPerJob`; asked only where that is set. Never stored:
   * a `retry` in a process without it counts by the default. What it throws, or gives instead of a
   * finite number from 0 up, is an `invalid_option` that names the request. Default: the bytes of the
   * whole request line divided by 4, rounded up. Four characters a token is the usual rule of thumb for
   * English; the JSON around the text makes it a little too high, text in other scripts may make it too
   * low, and what is answered is not counted.
   */
  readonly estimateTokens?: TokenEstimate;
}

/** The limits that these options set. @throws `invalid_option` */
export function jobLimits(options: JobLimitOptions): JobLimits {
  const limits: { -readonly [Name in keyof JobLimits]: JobLimits[Name] } = {};
  for (const limit of ["maxRequests", "maxBytes", "maxTokens"] as const) {
    const name = optionNames[limit];
    const value = options[name];
    if (value === undefined) continue;
    assertCount(name, value, 1);
    limits[limit] = value;
  }
  const { estimateTokens } = options;
  if (estimateTokens !== undefined && typeof estimateTokens !== "function") {
    throw new LangBatchError(
      "invalid_option",
      `\`estimateTokens\` is of the type ${typeof estimateTokens}; use a function that gives a number, or leave it out.`,
    );
  }
  return limits;
}

/**
 * The limits of a plan. Default: the provider's alone.
 *
 * @throws `invalid_option` where the user wants fewer requests in a job than the provider takes.
 */
export function planLimits(
  traits: ProviderTraits,
  { maxRequests = endless, maxBytes = endless, maxTokens = endless }: JobLimits = {},
  estimateTokens?: TokenEstimate,
): PlanLimits {
  const { minRequests = 1 } = traits;
  if (maxRequests < minRequests) {
    throw new LangBatchError(
      "invalid_option",
      `\`maxRequestsPerJob\` is ${maxRequests}, but this provider takes no fewer than ${minRequests} requests in a job. Raise it, or leave it out.`,
    );
  }
  const [head = "", , tail = ""] = traits.wire?.frame ?? [];
  const frameBytes = Buffer.byteLength(head) + Buffer.byteLength(tail);
  const provider = {
    maxRequests: traits.maxRequests,
    maxBytes: traits.maxBytes,
    // A line is sent with its end, also where it is alone in its job.
    maxLineBytes: Math.min(traits.maxLineBytes ?? endless, traits.maxBytes - frameBytes - 1),
  };
  return {
    minRequests,
    maxRequests: Math.min(provider.maxRequests, maxRequests),
    maxBytes: Math.min(provider.maxBytes, maxBytes),
    maxTokens,
    maxLineBytes: Math.min(provider.maxLineBytes, maxBytes - frameBytes - 1),
    frameBytes,
    provider,
    estimateTokens,
  };
}
