import type { JobRecord } from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { CallContext } from "../provider/provider.js";
import type { EngineContext } from "./context.js";

/** Deletes the input, so that a create that is still on its way must fail; `false` where it cannot. */
export async function fence(
  { provider }: Pick<EngineContext, "provider">,
  { upload }: Pick<JobRecord, "upload">,
  context: CallContext,
): Promise<boolean> {
  if (!upload || !provider.discard) return false;
  try {
    await provider.discard(upload, context);
    return true;
  } catch (error) {
    // A key that may not delete leaves the settle window alone to rely on. Any other error may be
    // gone the next time.
    if (LangBatchError.is(error) && notAllowed.has(error.status ?? 0)) return false;
    throw error;
  }
}

/** Forbidden, not allowed, not implemented. */
const notAllowed: ReadonlySet<number> = new Set([403, 405, 501]);
