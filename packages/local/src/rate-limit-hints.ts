/** What an answer's headers say of the limits of who answers; what they do not say is absent. */
export interface RateLimitHints {
  /** Requests that may still be sent before the limit is reset, and in how many milliseconds that is. */
  readonly requests?: { readonly remaining: number; readonly resetMs: number };
  /** As `requests`, of tokens. */
  readonly tokens?: { readonly remaining: number; readonly resetMs: number };
}
