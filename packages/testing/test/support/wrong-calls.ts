import type { WrongProvider } from "./wrong-provider.js";

/** Wrong where the caller stops waiting, or the service does not answer. */
export const wrongCalls: readonly WrongProvider[] = [
  {
    fault: "does not look at the signal",
    change: (right) => ({
      upload: (input, { endpoint }) => right.upload(input, { endpoint }),
      create: (input, uploaded, { endpoint }) => right.create(input, uploaded, { endpoint }),
      get: (jobIds, { endpoint }) => right.get(jobIds, { endpoint }),
      list: (query, { endpoint }) => right.list(query, { endpoint }),
      cancel: (jobId, { endpoint }) => right.cancel(jobId, { endpoint }),
      results: (job, { endpoint }) => right.results(job, { endpoint }),
      discard: (uploaded, { endpoint }) => right.discard(uploaded, { endpoint }),
      input: (job, { endpoint }) => right.input(job, { endpoint }),
      clean: (job, { endpoint }) => right.clean(job, { endpoint }),
    }),
    breaks: [
      "rejects upload with the signal's reason where the signal is aborted already",
      "rejects create with the signal's reason where the signal is aborted already",
      "rejects get with the signal's reason where the signal is aborted already",
      "rejects list with the signal's reason where the signal is aborted already",
      "rejects cancel with the signal's reason where the signal is aborted already",
      "rejects results with the signal's reason where the signal is aborted already",
      "rejects discard with the signal's reason where the signal is aborted already",
      "rejects input with the signal's reason where the signal is aborted already",
      "rejects clean with the signal's reason where the signal is aborted already",
    ],
  },
  {
    fault: "lets through what its client throws",
    change: (right) => ({
      upload: (...args) => right.upload(...args).catch(failedFetch),
      create: (...args) => right.create(...args).catch(failedFetch),
      get: (...args) => fetched(right.get(...args)),
      list: (...args) => fetched(right.list(...args)),
      cancel: (...args) => right.cancel(...args).catch(failedFetch),
      results: (...args) => fetched(right.results(...args)),
      discard: (...args) => right.discard(...args).catch(failedFetch),
      input: (...args) => fetched(right.input(...args)),
      clean: (...args) => right.clean(...args).catch(failedFetch),
    }),
    breaks: [
      "throws a LangBatchError from upload where the service does not answer",
      "throws a LangBatchError from create where the service does not answer",
      "throws a LangBatchError from get where the service does not answer",
      "throws a LangBatchError from list where the service does not answer",
      "throws a LangBatchError from cancel where the service does not answer",
      "throws a LangBatchError from results where the service does not answer",
      "throws a LangBatchError from discard where the service does not answer",
      "throws a LangBatchError from input where the service does not answer",
      "throws a LangBatchError from clean where the service does not answer",
    ],
  },
  {
    fault: "lists nothing where the service does not answer",
    change: (right) => ({
      async *list(query, context) {
        try {
          yield* right.list(query, context);
        } catch {
          context.signal?.throwIfAborted();
        }
      },
    }),
    breaks: ["throws a LangBatchError from list where the service does not answer"],
  },
];

async function* fetched<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    failedFetch(error);
  }
}

function failedFetch(cause: unknown): never {
  throw new TypeError("fetch failed", { cause });
}
