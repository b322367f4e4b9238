import { makeChatFile } from "../make-chat-file.js";
import { type Measurement, measureChild } from "../measure-child.js";
import { withServer } from "../serve-child.js";
import { columns, megabytes, summarize } from "../summary.js";

const repetitions = 5;
const mostPeakBytes = 150_000_000;

const file = await makeChatFile();
const cases = [
  { name: "files.create", script: new URL("./sdk-upload.js", import.meta.url) },
  {
    name: 'openai().upload, with redirect: "error"',
    script: new URL("./provider-upload.js", import.meta.url),
  },
].map((one) => ({ ...one, runs: [] as Measurement[] }));

try {
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const { script, runs } of cases) runs.push(await measureUpload(script));
  }
} finally {
  await file.remove();
}

const summaries = cases.map(({ name, runs }) => ({ name, summary: summarize(runs) }));
console.log(`One file of ${megabytes(file.bytes)} MB, ${repetitions} runs of each`);
console.table(Object.fromEntries(summaries.map(({ name, summary }) => [name, columns(summary)])));
const ours = summaries.at(-1)?.summary;
const met = ours !== undefined && ours.peakBytes <= mostPeakBytes;
console.log(`Goal: at most ${megabytes(mostPeakBytes)} MB: ${met ? "met" : "missed"}.`);

/** Each to a server of its own, which takes its files with it when it ends. */
function measureUpload(script: URL): Promise<Measurement> {
  const server = new URL("../fast-server.js", import.meta.url);
  return withServer(server, [], (url) => measureChild(script, [file.path, url]));
}
