import { openAsBlob } from "node:fs";
import { parseLines } from "../jsonl/parse-lines.js";
import { reportWork } from "../measure-child.js";

const [input = "", output = "", url = ""] = process.argv.slice(2);

/**
 * What nobody gets around: every request and every result is looked at, and its bytes go through a
 * socket once.
 */
await reportWork(async () => {
  await parseLines(input);
  await fetch(url, { method: "POST", body: await openAsBlob(input), redirect: "error" });
  const { body } = await fetch(url);
  for await (const chunk of body ?? []) void chunk;
  await parseLines(output);
});
