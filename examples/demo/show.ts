import type { BatchProgress } from "@langbatch/core";
import type { LocalEmbeddingBatch } from "@langbatch/local";
import type { Emoji } from "./emojis.js";
import { textsPerRequest } from "./requests.js";
import { type Found, likest, nearest, type Vector, type Vectors } from "./search.js";
import { bold, count, dim, shortPath } from "./terminal.js";

/** Prints what came of the batch, and how fast. */
export async function showReport(batch: LocalEmbeddingBatch): Promise<void> {
  const { counts, shards } = await batch.getProgress();
  console.log(`  Answers   ${count(counts.succeeded)} of ${count(counts.total)} requests`);
  for (const line of shards.flatMap(reportLines)) console.log(line);
  console.log(`  Results   ${shortPath(await batch.getResultsFile())}`);
  console.log("            one OpenAI result line for each request, in input order");
}

function reportLines({ report }: BatchProgress["shards"][number]): readonly string[] {
  const { usage, latencyMs, requestsPerSecond = 0, tokensPerSecond = 0 } = report ?? {};
  const lines: string[] = [];
  if (usage) lines.push(`  Tokens    ${count(usage.totalTokens)}, as the model counts them`);
  if (requestsPerSecond > 0) {
    const texts = rounded(requestsPerSecond * textsPerRequest);
    lines.push(`  Speed     ${texts} texts/s, ${rounded(tokensPerSecond)} tokens/s`);
  }
  if (latencyMs) {
    const { p50, p90, max } = latencyMs;
    lines.push(`  Latency   half of the requests took ${rounded(p50)} ms at most,`);
    lines.push(`            nine of ten ${rounded(p90)} ms, the slowest ${rounded(max)} ms`);
  }
  return lines;
}

/** Prints the emoji for some sayings, and those that mean nearly the same. */
export function showSamples(vectors: Vectors): void {
  console.log(bold("What somebody says, and the emoji that mean most nearly that:\n"));
  for (const { saying, vector } of vectors.sayings) {
    console.log(`  ${saying}`);
    console.log(`      ${nearest(vector, vectors, 3).map(inLine).join("   ")}`);
  }
  const pairs = likest(vectors, 3);
  if (pairs.length > 0) console.log(bold("\nPairs that mean nearly the same:\n"));
  for (const { value, similarity } of pairs) {
    const names = value.map(({ sign, name }) => `${sign} ${name}`).join(dim("  and  "));
    console.log(`  ${score(similarity)}  ${names}`);
  }
  console.log(
    dim("\n1 is the same meaning, 0 has nothing in common. The model is small, and from"),
  );
  console.log(dim("2018: it has its misses."));
}

/** Prints the emoji for words of the user's own. */
export function showSearch(words: string, vector: Vector, vectors: Vectors): void {
  console.log(`${bold(words)}${dim(`, among ${count(vectors.emojis.length)} emoji`)}`);
  for (const { value, similarity } of nearest(vector, vectors, 8)) {
    console.log(`  ${score(similarity)}  ${value.sign} ${value.name}`);
  }
}

/** Prints what to try next, and what each command does. */
export function showCommands(commands: readonly (readonly [string, string])[]): void {
  const width = Math.max(...commands.map(([command]) => command.length));
  console.log("\nNow you:");
  for (const [command, what] of commands) {
    console.log(`  ${bold(command.padEnd(width))}  ${dim(what)}`);
  }
  if (process.env.LANGBATCH_HOME) {
    console.log(`  with LANGBATCH_HOME=${process.env.LANGBATCH_HOME}, as now`);
  }
}

function inLine({ value: { sign, name }, similarity }: Found<Emoji>): string {
  return `${sign} ${name} ${dim(score(similarity))}`;
}

function score(similarity: number): string {
  return similarity.toFixed(2);
}

function rounded(value: number): string {
  return count(Math.round(value));
}
