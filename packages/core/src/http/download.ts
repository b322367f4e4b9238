/** How long a download may bring nothing. An SDK's own timeout ends when the headers are there. */
const idleMs = 120_000;

/** The headers of a download. Uncompressed: a compressed body that is cut off can look complete. */
export const downloadHeaders: { readonly "accept-encoding": "identity" } = {
  "accept-encoding": "identity",
};

/**
 * The bytes of an answer's body, as they come.
 *
 * @param open - asks for it, with {@link downloadHeaders}; its signal also ends the body.
 * @param signal - the caller's; its reason passes as it is.
 * @param toError - what to throw of anything else that went wrong, also of two minutes of silence.
 */
export async function* download(
  open: (signal: AbortSignal) => PromiseLike<Pick<Response, "body">>,
  signal: AbortSignal | undefined,
  toError: (error: unknown) => Error,
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
    // Held on to until the end: Node cancels the body of an answer that is collected.
    const response = await open(idle.signal);
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
