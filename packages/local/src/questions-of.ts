import { groupByPrefix } from "./group-by-prefix.js";
import type { PlacedQuestion } from "./question-of-line.js";
import { readOrdered } from "./read-ordered.js";
import { type QuestionSource, readQuestions } from "./read-questions.js";

/**
 * The questions without an answer, in the order in which they are asked, some at a time.
 *
 * @param isGrouped - whether those that begin alike follow one another; else they come in input order.
 * @throws `input_unreadable` where the input is not what the job was made from.
 */
export async function* questionsOf(
  source: QuestionSource,
  isGrouped: boolean,
): AsyncGenerator<readonly PlacedQuestion[]> {
  const order = isGrouped ? await groupByPrefix(source) : undefined;
  yield* order ? readOrdered(source, order) : readQuestions(source);
}
