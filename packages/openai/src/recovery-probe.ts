import type { Job, ProviderTraits } from "@langbatch/core";
import { isWithoutList } from "@langbatch/core/http";

type Recovery = ProviderTraits["recovery"];

/**
 * How a lost create is found again at a service of which nobody knows what its jobs show: by what they
 * do show, on the first page of its list. Asked once; where it shows no job, or cannot be asked now,
 * nothing is known against the search.
 */
export function recoveryProbe(
  readFirstPage: () => Promise<readonly Job[]>,
): () => Promise<Recovery> {
  let asked: Promise<Recovery> | undefined;
  return () => {
    // Also a service that did not answer: nobody waits for it a second time.
    asked ??= recoveryAt(readFirstPage);
    return asked;
  };
}

async function recoveryAt(readFirstPage: () => Promise<readonly Job[]>): Promise<Recovery> {
  try {
    const jobs = await readFirstPage();
    const isShown = ({ tag, inputId }: Job) => tag !== undefined || inputId !== undefined;
    return jobs.length === 0 || jobs.some(isShown) ? "search" : "content";
  } catch (error) {
    return isWithoutList(error) ? "content" : "search";
  }
}
