/** Whose batches a client sees, as far as the service has said it by now. */
export interface Account {
  /** Reads who was answered in the headers of any answer, also of an error. */
  note(headers: Pick<Headers, "get"> | undefined): void;
  /** Whether the service has said it. */
  readonly isKnown: boolean;
  /**
   * Host, organisation, workspace: `api.anthropic.com/org/wrkspc`. Only grows: what was said before is
   * the beginning of what is said later.
   */
  nameAt(host: string): string;
}

/**
 * An account of which nothing is known yet. The service names the organisation in the header
 * `anthropic-organization-id` (Anthropic API reference, "Overview"), and the workspace in
 * `anthropic-workspace-id` (npm `@anthropic-ai/sdk` 1.12.0, `core/error.js`): batches belong to it.
 */
export function createAccount(): Account {
  let organization: string | undefined;
  let workspace: string | undefined;

  return {
    note(headers) {
      const named = headers?.get("anthropic-organization-id");
      if (!named) return;
      const own = headers?.get("anthropic-workspace-id") || undefined;
      // Not every answer need name the workspace, and another organisation's is none of this one.
      workspace = own ?? (named === organization ? workspace : undefined);
      organization = named;
    },
    get isKnown() {
      return organization !== undefined;
    },
    nameAt(host) {
      const parts = [organization, organization && workspace].filter((part) => part !== undefined);
      return [host, ...parts.map(encodeURIComponent)].join("/");
    },
  };
}
