import { reportWork } from "../measure-child.js";
import { pickCustomIds } from "../pick-custom-ids.js";
import { scanIds } from "./scan-ids.js";
import { storedInputs } from "./stored-inputs.js";

const [directory = "", lines = "", count = ""] = process.argv.slice(2);
const wanted = pickCustomIds(Number(count), Number(lines));

await reportWork(async () => {
  let found = 0;
  await scanIds(storedInputs(directory), (bytes, start, end) => {
    if (wanted.has(bytes.toString("latin1", start, end))) found += 1;
  });
  return found;
});
