import { readLines, type ShardInput } from "@langbatch/core";
import { assertComplete, type PlacedQuestion, questionOfLine } from "./question-of-line.js";

/** Whose questions are read. */
export interface QuestionSource {
  readonly input: Pick<ShardInput, "data" | "requests">;
  /** What the endpoint is called in every line: `/v1/chat/completions`. */
  readonly url: string;
  /** Whether the request at a position needs no answer any more. */
  isAnswered(position: number): boolean;
  /** Ends the reading, with its reason. */
  readonly signal: AbortSignal;
}

/**
 * The questions without an answer in input order, some at a time, so that nothing is awaited for each.
 * Holds no more of the input than a few lines, or one long one.
 *
 * @throws `input_unreadable` where the input is not what the job was made from.
 */
export async function* readQuestions({
  input: { data, requests },
  url,
  isAnswered,
  signal,
}: QuestionSource): AsyncGenerator<readonly PlacedQuestion[]> {
  let position = 0;
  for await (const lines of readLines(data.stream())) {
    signal.throwIfAborted();
    const questions: PlacedQuestion[] = [];
    for (const { bytes } of lines) {
      if (!isAnswered(position)) questions.push(questionOfLine(bytes, position, url));
      position += 1;
    }
    if (questions.length > 0) yield questions;
  }
  assertComplete(position, requests);
}
