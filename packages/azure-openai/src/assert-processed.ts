import { type CallContext, LangBatchError } from "@langbatch/core";
import { type ServiceCaller, signalOf } from "@langbatch/openai/compatible";

/** How long Azure is given between two looks at a file, in milliseconds. */
const lookAgainMs = 10_000;

/** What a file is called that Azure still reads (Azure OpenAI documentation, batch with REST). */
const unread: ReadonlySet<unknown> = new Set(["pending", "running", "uploaded"]);

/**
 * Refuses to make a job of an input that Azure has not read yet: it would fail. Nothing is created, so
 * it may be tried again.
 *
 * @throws `rejected`, whatever is wrong.
 */
export async function assertProcessed(
  { call }: ServiceCaller,
  inputId: string,
  context: CallContext,
): Promise<void> {
  let file: { readonly status?: unknown; readonly status_details?: unknown };
  try {
    file = await call("ask", context, ({ client }) => {
      return client.files.retrieve(inputId, signalOf(context));
    });
  } catch (error) {
    if (!LangBatchError.is(error)) throw error;
    // A file that was just uploaded may not be there yet; any other trouble may pass as well.
    throw new LangBatchError("rejected", error.message, {
      cause: error,
      provider: "azure-openai",
      retryable: error.retryable,
      ...(error.status !== undefined && { status: error.status }),
    });
  }
  const status = typeof file.status === "string" ? file.status.toLowerCase() : undefined;
  if (status === "error") {
    const reason = typeof file.status_details === "string" ? `: ${file.status_details}` : ".";
    throw new LangBatchError("rejected", `Azure could not read the input ${inputId}${reason}`, {
      provider: "azure-openai",
    });
  }
  if (!unread.has(status)) return;
  throw new LangBatchError("rejected", `Azure still reads the input ${inputId}: it is ${status}.`, {
    provider: "azure-openai",
    retryable: true,
    retryAfterMs: lookAgainMs,
  });
}
