import { parseArgs } from "node:util";

/** What the demo is to do. */
export interface DemoArguments {
  readonly isHelp: boolean;
  /** What is searched for, in the user's own words. */
  readonly words: string | undefined;
  readonly isFresh: boolean;
  /** How many emoji are searched. */
  readonly texts: number | undefined;
}

export const usage = `Usage: npm run demo [-- ["what you mean"] [--fresh] [--texts <number>]]

  "what you mean"    find the emoji for it
  --fresh            ask the model anew, in a new batch
  --texts <number>   take so many emoji instead of all`;

const fewestTexts = 8;

/** Reads the command line. @throws `Error` with one sentence that says what is wrong. */
export function readArguments(): DemoArguments {
  const { values, positionals } = parse();
  const { help = false, fresh = false, texts } = values;
  const words = positionals.join(" ").trim();
  if (positionals.length > 0 && words === "") throw new Error("Say in words what you mean.");
  if (texts !== undefined && (!/^\d+$/.test(texts) || Number(texts) < fewestTexts)) {
    throw new Error(`--texts takes a whole number from ${fewestTexts} on, not "${texts}".`);
  }
  return {
    isHelp: help,
    words: words === "" ? undefined : words,
    isFresh: fresh,
    texts: texts === undefined ? undefined : Number(texts),
  };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        fresh: { type: "boolean" },
        texts: { type: "string" },
      },
    });
  } catch (error) {
    // Node explains at length how else it could be meant.
    const [sentence = ""] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new Error(`${sentence.replace(/\.$/, "")}; npm run demo -- --help says what there is.`, {
      cause: error,
    });
  }
}
