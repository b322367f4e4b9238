import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { countOptions } from "../count-options.js";
import { type Goal, printGoals } from "../goals.js";
import { mostGrowth, mostPeakMegabytes, mostTimesTheFloor, usualRequests } from "../path/goals.js";
import { measurePath, type PathRuns } from "../path/measure-path.js";
import { megabytes } from "../summary.js";
import { growthChart } from "./growth-chart.js";

const { most, repetitions } = countOptions({ most: 1_000_000, repetitions: 1 });
const sizes = [10_000, usualRequests, 1_000_000].filter((size) => size <= most);

const measured: PathRuns[] = [];
for (const size of sizes) {
  measured.push(await measurePath(size, repetitions));
  console.log(`${size} requests are done.`);
}

console.table(
  Object.fromEntries(
    measured.map(({ requests, inputBytes, outputBytes, ours, floor }) => [
      `${requests} requests`,
      {
        "MB up": megabytes(inputBytes),
        "MB down": megabytes(outputBytes),
        "median s": ours.median.toFixed(1),
        "cpu s": ours.cpu.toFixed(2),
        "floor's cpu s": floor.cpu.toFixed(2),
        "cpu ratio": (ours.cpu / floor.cpu).toFixed(2),
        "peak MB": megabytes(ours.peakBytes),
      },
    ]),
  ),
);

const goals: Goal[] = measured.flatMap(({ requests, ours, floor }) => [
  {
    name: `${requests} requests: times the floor's processor time`,
    ...{ measured: ours.cpu / floor.cpu, most: mostTimesTheFloor, digits: 2 },
  },
  {
    name: `${requests} requests: peak MB`,
    ...{ measured: ours.peakBytes / 1e6, most: mostPeakMegabytes },
  },
]);
const usual = measured.find(({ requests }) => requests === usualRequests);
const largest = measured.at(-1);
if (usual && largest && largest !== usual) {
  goals.push({
    name: `peak of ${largest.requests}, times the one of ${usual.requests},`,
    ...{ measured: largest.ours.peakBytes / usual.ours.peakBytes, most: mostGrowth, digits: 2 },
  });
}
printGoals(goals);

// Seen from the compiled file.
const chart = fileURLToPath(new URL("../../../docs/performance.svg", import.meta.url));
await writeFile(
  chart,
  growthChart(
    measured.map(({ requests, ours, floor }) => ({
      requests,
      seconds: ours.median,
      floorSeconds: floor.median,
      peakMegabytes: ours.peakBytes / 1e6,
    })),
    mostPeakMegabytes,
  ),
);
console.log(`The chart is in ${chart}.`);
