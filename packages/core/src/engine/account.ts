import { LangBatchError } from "../errors.js";
import type { BatchProvider, CallContext } from "../provider/provider.js";

/**
 * Sees to it that "not found" was said of the account the job is in.
 *
 * @throws `wrong_account`
 */
export async function assertSameAccount(
  provider: BatchProvider,
  recorded: string | undefined,
  context: CallContext,
): Promise<void> {
  if (recorded === undefined) return;
  const asked = await provider.account?.(context);
  if (asked === undefined || isSameAccount(asked, recorded)) return;
  throw new LangBatchError(
    "wrong_account",
    `The job belongs to ${recorded}, but this key sees ${asked}. Use a key, project and address of ${recorded}; nothing was changed.`,
    { provider: provider.id },
  );
}

/** Whether one account is the other, or only names the beginning of it. */
function isSameAccount(a: string, b: string): boolean {
  const [one, other] = [a.split("/"), b.split("/")];
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((segment, at) => segment === other[at]);
}
