import { customIdOf } from "../jsonl/custom-id.js";
import { readLines } from "../jsonl/read-lines.js";

/** The ids of the requests in JSONL inputs, one after the other. */
export async function* requestIds(
  inputs: Iterable<AsyncIterable<Uint8Array>>,
): AsyncGenerator<string | undefined> {
  for (const input of inputs) {
    for await (const lines of readLines(input)) {
      for (const { bytes } of lines) yield customIdOf(bytes);
    }
  }
}

/** Whether all of the ids occur in `whole`, in the same order: what merging rounds relies on. */
export async function isWithin(
  ids: AsyncIterable<string | undefined>,
  whole: AsyncIterable<string | undefined>,
): Promise<boolean> {
  const wanted = ids[Symbol.asyncIterator]();
  let next = await wanted.next();
  for await (const id of whole) {
    if (next.done) break;
    if (next.value === id) next = await wanted.next();
  }
  return next.done === true;
}
