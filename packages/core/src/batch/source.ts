import { fileURLToPath } from "node:url";
import { LangBatchError } from "../errors.js";
import { readLines } from "../jsonl/read-lines.js";
import type { InputNoun } from "../plan/check-line.js";
import { fileInput } from "../plan/file-input.js";
import type { InputLine } from "../plan/item-input.js";

/** Where a batch's requests come from, until they are stored. */
export interface BatchSource {
  readonly noun: InputNoun;
  /** The lines from the first on. A line over `maxLineBytes` comes without its bytes. */
  lines(maxLineBytes: number): AsyncIterable<readonly InputLine[]>;
}

/** What a batch that is made of items, or is stored already, has in place of a file. */
export const noFile = "-";

/**
 * A JSONL file of the user's; it is opened when its lines are read.
 *
 * @throws `invalid_option` where it names no file.
 */
export function fileSource(file: string | URL): BatchSource {
  const path = toPath(file);
  return {
    noun: "Line",
    lines: (maxLineBytes) => readLines(fileInput(path), { maxBytes: maxLineBytes }),
  };
}

/** Lines made from what the user gave to `create`; they can be read once. */
export function itemSource(lines: AsyncIterable<readonly InputLine[]>): BatchSource {
  return { noun: "Item", lines: () => lines };
}

function toPath(file: string | URL): string {
  if (typeof file === "string" && file !== "") return file;
  if (file instanceof URL && file.protocol === "file:") return fileURLToPath(file);
  throw new LangBatchError(
    "invalid_option",
    `A batch is made from the path of a JSONL file, or its file URL; ${JSON.stringify(file)} is neither. For a list, use create().`,
  );
}
