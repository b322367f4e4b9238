/** A request as it was sent: what the user calls it, and what it goes by at the provider. */
export interface SentRequest {
  readonly customId: string;
  /** The same where ids pass as they are. */
  readonly wireId: string;
}

/** The requests of an input, in OpenAI's format or in the provider's own. */
export function sentRequests(input: string): SentRequest[] {
  const pattern = /"custom_id":"([^"]*)"[^\n]*?"content":"question ([^"]*)"/g;
  return Array.from(input.matchAll(pattern), ([, wireId = "", customId = ""]) => ({
    customId,
    wireId,
  }));
}
