// Runs simulated schedules from the command line:
//   node --import tsx packages/core/test/simulation/simulate.ts --mode random --schedules 1000
// With --replay it prints what happens in one: that of --seed, or of --seed and --faults.
import process from "node:process";
import { parseArgs } from "node:util";
import { type Mode, modes, runCampaign, seededSchedule } from "./campaign.js";
import { parseFaults, scheduleWith } from "./exhaustive.js";
import { runSchedule, type Schedule } from "./schedule.js";

const { values } = parseArgs({
  options: {
    mode: { type: "string", default: "random" },
    seed: { type: "string", default: "1" },
    schedules: { type: "string" },
    faults: { type: "string" },
    replay: { type: "boolean", default: false },
    "stop-at-first": { type: "boolean", default: false },
  },
});

const mode = modes.find((known) => known === values.mode);
if (!mode) throw new TypeError(`--mode is ${values.mode}; use one of ${modes.join(", ")}.`);
const seed = Number(values.seed);
process.exitCode = (await (values.replay ? replay(mode) : run(mode))) ? 0 : 1;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function replay(mode: Mode): Promise<boolean> {
  const { broken, trace } = await runSchedule({ ...oneSchedule(mode), keepsLines: true });
  for (const line of trace.lines) print(line);
  print(`Trace ${trace.hash}. ${broken ?? "Every invariant holds."}`);
  return broken === undefined;
}

function oneSchedule(mode: Mode): Schedule {
  if (mode !== "single-faults" && mode !== "pair-faults") return seededSchedule(mode, seed);
  return scheduleWith(seed, values.faults === undefined ? [] : parseFaults(values.faults));
}

async function run(mode: Mode): Promise<boolean> {
  // Traces of errors that are part of the plan: nobody reads them.
  Error.stackTraceLimit = 0;
  const startedAt = performance.now();
  const isExhaustive = mode === "single-faults" || mode === "pair-faults";
  const schedules = values.schedules ?? (isExhaustive ? undefined : "1000");
  const report = await runCampaign({
    mode,
    seed,
    ...(schedules !== undefined && { schedules: Number(schedules) }),
    stopsAtFirst: values["stop-at-first"],
    onFailure: ({ broken, replay: command }) => print(`${broken}\n  ${command}`),
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = Math.round(report.schedules / seconds);
  const cpu = process.cpuUsage();
  const cpuRate = Math.round(report.schedules / ((cpu.user + cpu.system) / 1e6));
  print(
    `${mode}: ${report.schedules} schedules, ${report.effects} effects, ${report.lives} lives, ${report.failures.length} failed; ${rate} schedules a second, ${cpuRate} a second of processor time.`,
  );
  return report.failures.length === 0;
}
