import { open } from "node:fs/promises";
import { reportWork } from "../measure-child.js";
import { parseLines } from "./parse-lines.js";

const [path = "", copyPath = ""] = process.argv.slice(2);

await reportWork(async () => {
  const copy = await open(copyPath, "wx");
  await parseLines(path, (chunk) => copy.write(chunk));
  await copy.sync();
  await copy.close();
});
