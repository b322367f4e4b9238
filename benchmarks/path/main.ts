import { countOptions } from "../count-options.js";
import { type Goal, printGoals } from "../goals.js";
import { columns, megabytes } from "../summary.js";
import { mostGrowth, mostPeakMegabytes, mostTimesTheFloor, usualRequests } from "./goals.js";
import { measurePath } from "./measure-path.js";

const { requests, repetitions } = countOptions({ requests: usualRequests, repetitions: 3 });

const { ours, floor, stages, inputBytes, outputBytes } = await measurePath(requests, repetitions);
const ratio = ours.cpu / floor.cpu;
console.log(
  `${requests} requests, ${megabytes(inputBytes)} MB up, ${megabytes(outputBytes)} MB down, ${repetitions} runs of each`,
);
console.table({
  "scan, JSON.parse, fetch (the floor)": { "cpu ratio": "1", ...columns(floor) },
  "the whole path": { "cpu ratio": ratio.toFixed(2), ...columns(ours) },
});
const parts = Object.entries(stages ?? {}).map(([name, cpu]) => `${name} ${cpu.toFixed(2)}`);
console.log(`Processor seconds of the last run: ${parts.join(", ")}.`);

const goals: Goal[] = [
  { name: "times the floor's processor time", measured: ratio, most: mostTimesTheFloor, digits: 2 },
  { name: "peak MB", measured: ours.peakBytes / 1e6, most: mostPeakMegabytes },
];
if (requests > usualRequests) {
  const usual = await measurePath(usualRequests, repetitions);
  goals.push({
    name: `times the peak of ${usualRequests} requests (${megabytes(usual.ours.peakBytes)} MB)`,
    ...{ measured: ours.peakBytes / usual.ours.peakBytes, most: mostGrowth, digits: 2 },
  });
}
printGoals(goals);
