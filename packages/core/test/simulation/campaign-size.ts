import process from "node:process";
import type { CampaignReport, Part } from "./campaign.js";

const wanted = process.env.LANGBATCH_SIMULATION_PART ?? "1/50";

/**
 * Which part of all schedules the tests play: `LANGBATCH_SIMULATION_PART`, as in `2/4`, the second
 * quarter. Default: the first fiftieth; the whole check plays all of them.
 */
export const part: Part = parsePart(wanted);

function parsePart(text: string): Part {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const parsed = { number: Number(number), of: Number(of) };
  if (parsed.number >= 1 && parsed.number <= parsed.of) return parsed;
  throw new TypeError(`LANGBATCH_SIMULATION_PART is ${text}; write it as in 2/4.`);
}

/** The seeds of this part, of as many as there are in all. */
export function seedsOf(all: number): { readonly seed: number; readonly schedules: number } {
  const size = Math.ceil(all / part.of);
  const seed = 1 + (part.number - 1) * size;
  return { seed, schedules: Math.min(size, all - seed + 1) };
}

/** What failed, each with the command that shows it; the first few. Empty where nothing did. */
export function describeFailures({ failures }: CampaignReport): string {
  const shown = failures.slice(0, 5).map(({ broken, replay }) => `${broken}\n  ${replay}`);
  return shown.join("\n");
}
