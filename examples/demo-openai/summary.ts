import type { ChatCompletions } from "@langbatch/core";
import { type BatchResult, stateDirectory } from "@langbatch/core";
import type { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { bold, count, dim, shortPath } from "../demo/terminal.js";
import { type Movie, nameOf } from "./movies.js";

/** Some films that many people know. */
const samples: ReadonlySet<string> = new Set(["movie-0742", "movie-0993", "movie-2260"]);

/** Prints what came of the batch. Nobody is asked: all of it is in the storage. */
export async function printSummary(
  batch: OpenAIChatCompletionBatch,
  movies: readonly Movie[],
): Promise<void> {
  const movieOf = new Map(movies.map((movie) => [movie.id, movie]));
  const shown: string[] = [];
  let total = 0;
  let answered = 0;
  let promptTokens = 0;
  let completionTokens = 0;
  for await (const result of batch.results()) {
    total += 1;
    if (result.error === null) {
      answered += 1;
      promptTokens += result.usage?.prompt_tokens ?? 0;
      completionTokens += result.usage?.completion_tokens ?? 0;
    }
    if (result.error === null && !samples.has(result.custom_id)) continue;
    const movie = movieOf.get(result.custom_id);
    const name = movie ? nameOf(movie) : "";
    shown.push(`  ${result.custom_id}  ${name.padEnd(22)}  ${outcome(result)}`);
  }

  const tokens = count(promptTokens + completionTokens);
  console.log(`  Answers   ${count(answered)} of ${count(total)} requests ${dim("(simulated)")}`);
  console.log(
    `  Tokens    ${count(promptTokens)} prompt + ${count(completionTokens)} completion = ${tokens}`,
  );
  console.log(`  Results   ${shortPath(await batch.getResultsFile())}`);
  console.log("            one OpenAI result line for each request, in input order\n");
  for (const line of shown) console.log(line);

  console.log("\nLoad the same batch in another process, without any server:");
  console.log(bold(`  npm run demo:openai -- --load ${batch.id}`));
  if (process.env.LANGBATCH_HOME) {
    console.log(`  with LANGBATCH_HOME=${process.env.LANGBATCH_HOME}, as now`);
  }
}

/** How many failed for which reason: `12 server_error, 1 content_filter`. */
export async function reasons(batch: OpenAIChatCompletionBatch): Promise<string> {
  const counts = new Map<string, number>();
  for await (const { error } of batch.results()) {
    if (error) counts.set(error.code, (counts.get(error.code) ?? 0) + 1);
  }
  return Array.from(counts, ([code, times]) => `${count(times)} ${code}`).join(", ");
}

/** Where everything is. */
export function home(): string {
  return shortPath(stateDirectory());
}

function outcome(result: BatchResult<ChatCompletions>): string {
  if (result.error) return `no answer: ${result.error.code}`;
  return result.choices[0]?.message.content ?? "no text";
}
