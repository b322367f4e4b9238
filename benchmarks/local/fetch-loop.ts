import { appendFile } from "node:fs/promises";
import { reportWork } from "../measure-child.js";
import { askWithFetch, resultText } from "./ask.js";
import { askAll } from "./ask-all.js";

/** With a place for the results it appends each of them, as it comes. */
const [path = "", url = "", concurrency = "", results] = process.argv.slice(2);

await reportWork(() =>
  askAll(path, Number(concurrency), async (line) => {
    const answer = await askWithFetch(url, line);
    if (results !== undefined) await appendFile(results, resultText(line, answer));
  }),
);
