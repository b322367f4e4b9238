import type { LangBatchError } from "@langbatch/core";
import type OpenAI from "openai";

/** How long a download may bring nothing. The SDK's own timeout ends when the headers are there. */
const idleMs = 120_000;

/**
 * The bytes of a file at the service, as they come. Uncompressed: a compressed body that is cut off
 * can look complete.
 */
export async function* download(
  client: OpenAI,
  fileId: string,
  signal: AbortSignal | undefined,
  toError: (error: unknown) => LangBatchError,
): AsyncGenerator<Uint8Array> {
  // A signal that is aborted already tells no listener.
  signal?.throwIfAborted();
  const idle = new AbortController();
  const stop = () => idle.abort(signal?.reason);
  const startTimer = () =>
    setTimeout(() => {
      idle.abort(new Error(`The download brought nothing for ${idleMs / 1000} seconds.`));
    }, idleMs);
  let timer = startTimer();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const headers = { "accept-encoding": "identity" };
    const response = await client.files.content(fileId, { headers, signal: idle.signal });
    for await (const chunk of response.body ?? []) {
      // However long the reader takes is not the service's fault.
      clearTimeout(timer);
      yield chunk as Uint8Array;
      timer = startTimer();
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw toError(idle.signal.aborted ? idle.signal.reason : error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    // Where the reader stopped early, the connection must not stay open.
    idle.abort();
  }
}
