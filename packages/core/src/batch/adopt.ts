import { LangBatchError } from "../errors.js";
import { readLines } from "../jsonl/read-lines.js";
import type { BatchProvider, CallContext, Job } from "../provider/provider.js";
import { idOfKey } from "./batch-id.js";
import { linesOfJob } from "./job-lines.js";
import type { BatchOptions, CallOptions } from "./parts.js";
import { type Place, readBatch } from "./place.js";
import { type BatchSource, fileSource } from "./source.js";
import { storeBatch } from "./store.js";

/** What `adopt` takes beside the job's id. */
export interface AdoptOptions<Kwargs> extends BatchOptions<Kwargs>, CallOptions {
  /**
   * The JSONL file the job was made from. Default: it is fetched from the provider, where that gives it
   * back. Where requests go by ids of ours, the whole input of a batch with several jobs will do, too,
   * once the job has ended; and since those ids say nothing but a position, another file with as many
   * lines would get its answers.
   */
  readonly file?: string | URL;
}

/** The id of the batch that a job of the provider becomes: the same job is the same batch. */
export function adoptedId(provider: string, jobId: string): string {
  return idOfKey(`job ${provider} ${jobId}`);
}

/**
 * Stores a job that somebody else created as a batch of one job, as if it had been started here. Does
 * nothing where that was done before.
 *
 * @throws `not_found` where the provider does not show the job; `wrong_class` where it asks another
 * endpoint; `wrong_input` where it was not made from the file.
 */
export async function adoptJob(
  place: Place,
  jobId: string,
  { file, signal }: Pick<AdoptOptions<unknown>, "file" | "signal">,
): Promise<void> {
  const stored = await readBatch(place);
  if (stored && stored.value.rounds.length > 0) return;
  const provider = place.provider();
  const context = { endpoint: place.endpoint.url, ...(signal && { signal }) };
  const job = await findJob(provider, jobId, context);
  if (job.endpoint !== undefined && job.endpoint !== place.endpoint.url) {
    throw new LangBatchError(
      "wrong_class",
      `The job ${jobId} asks ${job.endpoint}, not ${place.endpoint.url}. Use the class of that endpoint.`,
      { provider: provider.id },
    );
  }
  const source =
    file === undefined
      ? inputSource(provider, job, context)
      : await linesOfJob(provider, job, fileSource(file), context);
  await storeBatch(place, source, { start: true, isKeyed: false, job });
}

async function findJob(provider: BatchProvider, jobId: string, context: CallContext): Promise<Job> {
  for await (const job of provider.get([jobId], context)) if (job.id === jobId) return job;
  const account = await provider.account?.(context);
  throw new LangBatchError(
    "not_found",
    `${provider.id} does not show the job ${JSON.stringify(jobId.slice(0, 100))}${account === undefined ? "" : ` in ${account}`}. Check the id, and that the key, project and address are those it was created with.`,
    { provider: provider.id, retryable: true },
  );
}

/** The lines the job was made from, as the provider gives them back. */
function inputSource(provider: BatchProvider, job: Job, context: CallContext): BatchSource {
  const { input } = provider;
  if (input) {
    return {
      noun: "Line",
      lines: (maxBytes) => readLines(input.call(provider, job, context), { maxBytes }),
    };
  }
  throw new LangBatchError(
    "invalid_option",
    `The provider ${provider.id} does not give back what a job was made from. Pass \`file\`, the JSONL file it was made from.`,
    { provider: provider.id },
  );
}
