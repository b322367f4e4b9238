import { LangBatchError } from "../errors.js";
import type { Job } from "../provider/provider.js";

/** What is asked of the service; `Query` asks for another page than the first. */
export interface JobSource<Query> {
  /** One job; `undefined` where the service says 404. */
  retrieve(id: string): Promise<Job | undefined>;
  /** The jobs of one page of the list, newest first, and what asks for the next one. */
  readPage(query: Query | undefined): Promise<JobPage<Query>>;
}

/** One page of a list of jobs. */
interface JobPage<Query> {
  readonly jobs: readonly Job[];
  /** Absent on the last one. */
  readonly next: Query | undefined;
}

/** So few are asked for one by one: a page may not even show them. */
const fewJobs = 2;

/**
 * The jobs with these ids in about as few calls as anybody could do it who does not know where in the
 * list they are: pages of the list, as long as those that brought nothing cost less than asking for
 * each missing job would; then the missing ones, one by one. A list that a service does not have, or
 * that proves nothing, only costs its one call.
 */
export async function* getJobs<Query>(
  ids: readonly string[],
  { retrieve, readPage }: JobSource<Query>,
): AsyncGenerator<Job> {
  const missing = new Set(ids);
  if (missing.size > fewJobs) {
    let vainPages = 0;
    let query: Query | undefined;
    do {
      const page = await readPage(query).catch(endWhereUseless);
      const shown = page.jobs.filter(({ id }) => missing.delete(id));
      yield* shown;
      if (shown.length === 0) vainPages += 1;
      query = page.next;
    } while (query !== undefined && vainPages < missing.size);
  }
  for (const id of missing) {
    const job = await retrieve(id);
    if (job) yield job;
  }
}

function endWhereUseless(error: unknown): JobPage<never> {
  if (LangBatchError.is(error, "incomplete_listing") || isWithoutList(error)) {
    return { jobs: [], next: undefined };
  }
  throw error;
}

/** What services answer that have no list, or another one (RFC 9110, 15.5 and 15.6). */
const noList: ReadonlySet<number | undefined> = new Set([400, 404, 405, 501]);

/** Whether a service has no list of jobs, or none that can be read. */
export function isWithoutList(error: unknown): boolean {
  return LangBatchError.is(error) && noList.has(error.status);
}
