import { reportWork } from "../measure-child.js";
import { parseLines } from "./parse-lines.js";

const [path = ""] = process.argv.slice(2);

await reportWork(() => parseLines(path));
