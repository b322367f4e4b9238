import type { AcceptedJob } from "./accepted-job.js";
import type { Conditions } from "./conditions.js";
import { contentLine } from "./content-wire.js";
import type { FaultKind } from "./faults.js";
import { isJson } from "./is-json.js";
import type { Random } from "./random.js";

/**
 * More short reads than core tries again would be a loss that nobody could tell from the truth; and so
 * would a single one of a job that has no answer to some request anyway.
 */
const mostShortReads = 2;

/** A job's results as the provider sends them: in any order, in any chunks, and not always all. */
export function* resultChunks(
  job: AcceptedJob,
  fault: FaultKind | undefined,
  { shows }: Pick<Conditions, "shows">,
  random: Random,
): Generator<Uint8Array> {
  const lines = [...job.answers.values()].map(({ line }) => line);
  if (fault === "strays") lines.push(...strays(job, random));
  const written = shows === "nothing" ? ownFormat(job, lines) : lines;
  const bytes = Buffer.from(random.shuffle(written).join("\n"));
  const end = endOf(job, fault, bytes.length, random);
  const middle = random.between(0, end);
  if (middle > 0) yield bytes.subarray(0, middle);
  if (end > middle) yield bytes.subarray(middle, end);
}

function endOf(
  job: AcceptedJob,
  fault: FaultKind | undefined,
  length: number,
  random: Random,
): number {
  if (fault === "midway") return random.between(0, length);
  const mayBeShort = job.shortReads < mostShortReads && job.answers.size === job.customIds.length;
  if (fault !== "short" || !mayBeShort) return length;
  job.shortReads += 1;
  return random.between(0, length);
}

/** The lines in the provider's own format, in which every request has one. */
function ownFormat(job: AcceptedJob, lines: readonly string[]): string[] {
  const wireIdOf = new Map(job.customIds.map((id, at) => [id, job.wireIds[at] ?? id]));
  const unanswered = job.customIds.filter((id) => !job.answers.has(id));
  const expired = (id: string) =>
    JSON.stringify({ custom_id: id, response: null, error: { code: "batch_expired" } });
  return [...lines, ...unanswered.map(expired)].map((line) => {
    const [, id = ""] = /"custom_id":"([^"]*)"/.exec(line) ?? [];
    return line.endsWith("}") && id !== "" && isJson(line)
      ? contentLine(wireIdOf.get(id) ?? id, line)
      : line;
  });
}

/** Lines of nobody, broken ones, and second ones for the same request, none of them better. */
function strays({ id, answers }: AcceptedJob, random: Random): string[] {
  const found: string[] = ["", "null", `{"custom_id":"nobody","response":null,"error":null}`];
  for (const [customId, { line }] of answers) {
    found.push(line.slice(0, random.between(1, line.length - 1)));
    const repeated = `{"custom_id":"${customId}","response":null,"error":{"code":"again","message":"${id}"}}`;
    found.push(random.chance(0.5) ? line : repeated);
  }
  return found;
}
