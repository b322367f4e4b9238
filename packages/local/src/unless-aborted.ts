/**
 * What some work brings, or the signal's reason as soon as it is aborted: work that does not listen goes
 * on, and what comes of it is nobody's. The work has a signal of its own, on which others may leave their
 * listeners.
 */
export async function unlessAborted<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason);
      own.abort(signal.reason);
    };
  });
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([aborted, work(own.signal)]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
