import { type Secrets, withoutSecrets } from "@langbatch/core/http";
import type { Answer } from "./question.js";

/** What was asked when the answer was another address. */
interface Redirected {
  /** Without credentials. */
  readonly address: string;
  /** The endpoint's path below the address. */
  readonly path: string;
  readonly location: string | null | undefined;
  readonly secrets: Secrets;
}

/**
 * The answer to a request that was to be redirected, naming the address to use instead. It is not
 * followed: a key would go to whom the user never named.
 */
export function refusedRedirect({ address, path, location, secrets }: Redirected): Answer {
  const target = location ? targetOf(location, `${address}${path}`) : undefined;
  const remedy = target?.endsWith(path)
    ? `Use ${target.slice(0, -path.length)} as \`baseURL\`.`
    : target
      ? `It points to ${target}.`
      : "Use the address it redirects to.";
  const message = `${address} redirects to another address, which is not followed. ${remedy}`;
  return { came: "refused-here", message: withoutSecrets(message, secrets) };
}

/** Without credentials and query, which may be anything. */
function targetOf(location: string, asked: string): string | undefined {
  if (!URL.canParse(location, asked)) return undefined;
  const { origin, pathname } = new URL(location, asked);
  return origin === "null" ? undefined : `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** Whether a status says that the answer is elsewhere. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
