import { parseArgs } from "node:util";

/**
 * Whole numbers from the command line, `--requests 1000000`, over their defaults. They are what a run
 * is about, so one that is none ends the run before it has made gigabytes. `args` are all that is
 * read. Default: those of the process.
 */
export function countOptions<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  args: readonly string[] = process.argv.slice(2),
): Readonly<Record<Name, number>> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
  });
  const counts: Record<Name, number> = { ...defaults };
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    const count = Number(text);
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new Error(`--${name} is ${String(text)}; use a whole number from 1 up.`);
    }
    counts[name] = count;
  }
  return counts;
}
