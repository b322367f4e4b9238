import type { AskedService } from "./asked-service.js";
import { hostOf } from "./host-of.js";

/** Whose jobs a client sees, as far as the service has said it by now. */
export interface Account {
  /** Reads who was answered in the headers of any answer, also of an error. */
  note(headers: Pick<Headers, "get"> | undefined): void;
  /** Says that the service has answered what was asked: what it has not named by now it never does. */
  settle(): void;
  /**
   * Host, organisation, project: `api.openai.com/my-company/proj_1`. Only grows: what was said before
   * is the beginning of what is said later.
   */
  nameFor(service: AskedService): string;
}

/**
 * An account of which nothing is known yet.
 *
 * The service names the organisation in the answer's header `openai-organization` (OpenAI API
 * reference, "Debugging requests"), and the project in `openai-project` (recorded answers, as in
 * `newrelic-python-agent`, `_mock_external_openai_server.py`). The header has the organisation's short
 * name where the client's own option has an id, so the two never stand for each other: the options
 * count only at another service than OpenAI, and only where its answers name nobody.
 */
export function createAccount(): Account {
  let organization: string | undefined;
  let project: string | undefined;
  let isSettled = false;

  return {
    note(headers) {
      const named = headers?.get("openai-organization");
      if (!named) return;
      // Not every answer names the project, and another organisation's is none of this one.
      project = headers?.get("openai-project") || (named === organization ? project : undefined);
      organization = named;
    },
    settle() {
      isSettled = true;
    },
    nameFor(service) {
      const { client } = service;
      const host = hostOf(service);
      if (organization !== undefined) return join(host, organization, project);
      if (!isSettled || /(^|\.)openai\.com(:\d+)?$/.test(host)) return host;
      return join(host, client.organization, client.project);
    },
  };
}

/** A project without its organisation would stand in its place. */
function join(host: string, organization: string | null, project?: string | null): string {
  if (!organization) return host;
  // The project is a path at some services.
  const parts = [organization, ...(project ? [project] : [])].map(encodeURIComponent);
  return [host, ...parts].join("/");
}
