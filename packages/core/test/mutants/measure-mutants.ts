// Prints a table of all mutants, with what it took to notice each:
//   node --import tsx packages/core/test/mutants/measure-mutants.ts
import process from "node:process";
import { allMutants } from "./all-mutants.js";
import { runMutant } from "./run-mutant.js";

process.stdout.write("| Mutant | What is broken | Noticed by | Schedules until then |\n");
process.stdout.write("| --- | --- | --- | ---: |\n");
for (const { name, broken, patches, killedBy } of allMutants) {
  const { exitCode, output } = await runMutant(patches, killedBy);
  const [, schedules] = /: (\d+) schedules, /.exec(output) ?? [];
  const measured = exitCode === 1 ? schedules : `not within ${killedBy.schedules}`;
  process.stdout.write(`| ${name} | ${broken} | \`${killedBy.mode}\` | ${measured} |\n`);
}
