import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "./anthropic-error.js";

/** Whose batches a key sees. */
export interface FakeWorkspace {
  /** As the header `anthropic-organization-id` of every answer names it. */
  readonly organization: string;
  /** No answer names it. */
  readonly workspace: string;
}

/** What every key sees where a server tells no workspaces apart. */
const onlyWorkspace: FakeWorkspace = { organization: "org-fake", workspace: "wrkspc_fake" };

/** Which keys are let in, and to what. */
export interface KeyRules {
  /** The only key that is let in; `undefined` for any. */
  readonly apiKey: string | undefined;
  /** The workspaces of the keys that are let in; `undefined` where all keys share one. */
  readonly workspaces: Readonly<Record<string, FakeWorkspace>> | undefined;
}

/**
 * The workspace a request is sent for: Anthropic API documentation, "Authentication". A token in
 * `Authorization` is taken for a key as well.
 *
 * @throws Refusal where the key is missing or wrong.
 */
export function workspaceOf(
  headers: IncomingHttpHeaders,
  { apiKey, workspaces }: KeyRules,
): FakeWorkspace {
  const sent = headers["x-api-key"];
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const key = typeof sent === "string" && sent !== "" ? sent : bearer;
  if (key === undefined) throw new Refusal(401, "x-api-key header is required");
  const isRight = apiKey === undefined || key === apiKey;
  const found = workspaces ? new Map(Object.entries(workspaces)).get(key) : onlyWorkspace;
  if (isRight && found) return found;
  throw new Refusal(401, key === sent ? "invalid x-api-key" : "Invalid bearer token");
}

/** Whether both see the same: several keys may have one workspace. */
export function isSameWorkspace(one: FakeWorkspace, other: FakeWorkspace): boolean {
  return one.organization === other.organization && one.workspace === other.workspace;
}
