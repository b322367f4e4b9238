import { reportWork } from "../measure-child.js";
import { scanIds } from "./scan-ids.js";
import { storedInputs } from "./stored-inputs.js";

const [directory = ""] = process.argv.slice(2);

await reportWork(() => scanIds(storedInputs(directory)));
