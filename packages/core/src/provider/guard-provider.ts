import { LangBatchError } from "../errors.js";
import type { BatchProvider, CallContext } from "./provider.js";

/**
 * The provider, of which nothing but `LangBatchError`s leaves: whatever else it throws is the cause
 * of a `provider_failed`. The reason of an aborted signal passes as it is.
 *
 * Each call gets a signal of its own, which is let go afterwards: the user's may live for a day, and
 * some SDKs add a listener at every request and never take it away.
 */
export function guardProvider(provider: BatchProvider): BatchProvider {
  const { id, settings, upload, discard, account, input, clean, run } = provider;

  function wrap(error: unknown, { signal }: CallContext): unknown {
    if (LangBatchError.is(error) || (signal?.aborted && error === signal.reason)) return error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The provider ${id} failed: ${reason}`;
    return new LangBatchError("provider_failed", message, { cause: error, provider: id });
  }

  async function call<T>(
    context: CallContext,
    work: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    const own = ownSignal(context);
    try {
      return await work(own.context);
    } catch (error) {
      throw wrap(error, context);
    } finally {
      own.release();
    }
  }

  async function* stream<T>(
    context: CallContext,
    open: (context: CallContext) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const own = ownSignal(context);
    try {
      yield* open(own.context);
    } catch (error) {
      throw wrap(error, context);
    } finally {
      own.release();
    }
  }

  return {
    specVersion: 1,
    id,
    settings,
    traits: (context) => call(context, (own) => provider.traits(own)),
    ...(upload && {
      upload: (input, context) => call(context, (own) => upload.call(provider, input, own)),
    }),
    create: (input, uploaded, context) =>
      call(context, (own) => provider.create(input, uploaded, own)),
    get: (jobIds, context) => stream(context, (own) => provider.get(jobIds, own)),
    list: (query, context) => stream(context, (own) => provider.list(query, own)),
    cancel: (jobId, context) => call(context, (own) => provider.cancel(jobId, own)),
    results: (job, context, journal) =>
      stream(context, (own) => provider.results(job, own, journal)),
    ...(discard && {
      discard: (uploaded, context) => call(context, (own) => discard.call(provider, uploaded, own)),
    }),
    ...(account && {
      account: (context) => call(context, (own) => account.call(provider, own)),
    }),
    ...(input && {
      input: (job, context) => stream(context, (own) => input.call(provider, job, own)),
    }),
    ...(clean && {
      clean: (job, context) => call(context, (own) => clean.call(provider, job, own)),
    }),
    ...(run && {
      run: (job, input, journal, context) =>
        stream(context, (own) => run.call(provider, job, input, journal, own)),
    }),
  };
}

function ownSignal(context: CallContext): {
  readonly context: CallContext;
  release(): void;
} {
  const { signal } = context;
  if (!signal) return { context, release() {} };
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return {
    context: { ...context, signal: controller.signal },
    release: () => signal.removeEventListener("abort", abort),
  };
}
