import { Refusal } from "./reply.js";

/** Whose files and batches a key sees. */
export interface FakeAccount {
  /** As the header `openai-organization` of every answer names it. */
  readonly organization: string;
  /** As the header `openai-project` names it. Default: none, and no header. */
  readonly project?: string;
}

/** What every key sees where a server tells no accounts apart. */
const onlyAccount: FakeAccount = { organization: "org-fake" };

/** Which keys are let in, and to what. */
export interface KeyRules {
  /** The only key that is let in; `undefined` for any. */
  readonly apiKey: string | undefined;
  /** The accounts of the keys that are let in; `undefined` where all keys share one. */
  readonly accounts: Readonly<Record<string, FakeAccount>> | undefined;
}

/**
 * The account a request is sent for: OpenAI API reference, "Authentication".
 *
 * @throws Refusal where the key is missing or wrong.
 */
export function accountOf(
  authorization: string | undefined,
  { apiKey, accounts }: KeyRules,
): FakeAccount {
  const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (key === undefined) {
    throw new Refusal(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    );
  }
  const isRight = apiKey === undefined || key === apiKey;
  const account = accounts === undefined ? onlyAccount : new Map(Object.entries(accounts)).get(key);
  if (isRight && account) return account;
  const message = `Incorrect API key provided: ${key.slice(0, 3)}***.`;
  throw new Refusal(401, message, { code: "invalid_api_key" });
}

/** OpenAI API reference, "Debugging requests": every answer says who was answered. */
export function accountHeaders({
  organization,
  project,
}: FakeAccount): Readonly<Record<string, string>> {
  return {
    "openai-organization": organization,
    ...(project !== undefined && { "openai-project": project }),
  };
}

/** Whether both see the same: several keys may have one account. */
export function isSameAccount(one: FakeAccount, other: FakeAccount): boolean {
  return one.organization === other.organization && one.project === other.project;
}
