import { join } from "node:path";
import { createTextWriter, readFileLines, type TextWriter } from "../fake-server/json-lines.js";
import { seededRandom, shuffle } from "../fake-server/shuffle.js";
import type { Dialect } from "./dialects/dialect.js";
import type { AnswerScript, FakeRequest } from "./outcome.js";
import { type ResultLines, resultLines, unanswered } from "./result-lines.js";
import { createInputValidator, type InputProblem, type InputRules } from "./validate-input.js";

/** How far a batch has come: what was done once `answered` requests had their answer. */
export interface Mark {
  readonly answered: number;
  readonly completed: number;
  readonly failed: number;
  /** How much of the output file was written by then. */
  readonly outputBytes: number;
  /** How much of the error file was written by then. */
  readonly errorBytes: number;
  /** Where the ids of the requests that were not answered by then begin. */
  readonly idBytes: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A whole batch played in advance: every later state of it is a beginning of these files. */
export interface PlayedInput {
  readonly batchId: string;
  readonly showRow: Dialect["showRow"];
  readonly problems: readonly InputProblem[];
  readonly requests: number;
  readonly model: string | undefined;
  /** How many requests are never answered. */
  readonly never: number;
  /** In growing order; the first is the start, the last is the end. */
  readonly marks: readonly Mark[];
  readonly outputPath: string;
  readonly errorPath: string;
  readonly idsPath: string;
  readonly idBytes: number;
}

/** What playing a batch depends on. */
export interface PlayOptions {
  /** Names the files and, within them, the requests. */
  readonly batchId: string;
  readonly inputPath: string;
  readonly endpoint: string;
  readonly directory: string;
  readonly rules: InputRules;
  readonly answer: AnswerScript;
  /** Shows a row of the result files as the service does. */
  readonly showRow: Dialect["showRow"];
  readonly failuresIn: Dialect["failuresIn"];
  readonly seed: number;
  readonly nowSeconds: number;
}

// Results are shuffled within a window, so that memory does not grow with the file.
const windowRequests = 4096;
const windowLength = 8_388_608;
const maxMarks = 512;

const start: Mark = {
  answered: 0,
  completed: 0,
  failed: 0,
  outputBytes: 0,
  errorBytes: 0,
  idBytes: 0,
  inputTokens: 0,
  outputTokens: 0,
};

type Entry = { readonly customId: string; readonly lines: ResultLines | undefined };

/**
 * Reads the input once, validates it, asks for every outcome, and writes the results in the order in
 * which the batch will seem to answer. What a cancelled or expired batch leaves is cut from it later.
 */
export async function playInput(options: PlayOptions): Promise<PlayedInput> {
  const { batchId, directory, endpoint, nowSeconds } = options;
  const outputPath = join(directory, `${batchId}_output.jsonl`);
  const errorPath = join(directory, `${batchId}_error.jsonl`);
  const idsPath = join(directory, `${batchId}_ids.jsonl`);
  const output = createTextWriter(outputPath);
  const error = createTextWriter(errorPath);
  const ids = createTextWriter(idsPath);
  const writers = [output, error, ids] as const;
  const validator = createInputValidator(endpoint, options.rules);
  const random = seededRandom(options.seed);
  const marks = createMarks();
  const never: string[] = [];
  let window: Entry[] = [];
  let waitingLength = 0;

  function add(request: FakeRequest): void {
    const outcome = options.answer(request);
    const { custom_id: customId } = request;
    if (outcome.kind === "expire") never.push(customId);
    else if (outcome.kind === "drop") window.push({ customId, lines: undefined });
    else {
      const serial = serialOf(batchId, request.line);
      const lines = resultLines(request, outcome, { ...options, serial, nowSeconds });
      waitingLength += lines.output.length + lines.error.length;
      window.push({ customId, lines });
    }
  }

  async function writeWindow(): Promise<void> {
    shuffle(window, random);
    for (const entry of window) {
      if (entry.lines) {
        output.add(entry.lines.output);
        error.add(entry.lines.error);
        ids.add(`${JSON.stringify(entry.customId)}\n`);
      }
      marks.add(entry.lines, output.bytes, error.bytes, ids.bytes);
    }
    window = [];
    waitingLength = 0;
    await flushFull(writers);
  }

  try {
    for await (const lines of readFileLines(options.inputPath)) {
      for (const line of lines) {
        const request = validator.read(line);
        if (!request || validator.problems.length > 0) continue;
        add(request);
        const isFull = window.length >= windowRequests || waitingLength >= windowLength;
        if (isFull) await writeWindow();
      }
    }
    validator.end();
    await writeWindow();
    for (const customId of never) ids.add(`${JSON.stringify(customId)}\n`);
  } finally {
    for (const writer of writers) await writer.close();
  }
  return {
    batchId,
    showRow: options.showRow,
    problems: validator.problems,
    requests: validator.requests,
    model: validator.model,
    never: never.length,
    marks: marks.all(),
    outputPath,
    errorPath,
    idsPath,
    idBytes: ids.bytes,
  };
}

/**
 * Makes the error file what it is at the end of a batch that stopped at `mark`: what had failed by
 * then, and a line for every request that has no answer.
 *
 * @returns how many bytes the error file holds.
 */
export async function writeUnanswered(
  played: PlayedInput,
  mark: Mark,
  error: { readonly code: string; readonly message: string },
): Promise<number> {
  if (mark.idBytes === played.idBytes) return mark.errorBytes;
  const writer = createTextWriter(played.errorPath, mark.errorBytes);
  let count = 0;
  try {
    for await (const lines of readFileLines(played.idsPath, mark.idBytes)) {
      for (const { bytes } of lines) {
        count += 1;
        const customId: string = JSON.parse(bytes.toString("utf8"));
        const serial = serialOf(played.batchId, lastSerial - count);
        writer.add(unanswered(customId, error, { ...played, serial }));
      }
      await flushFull([writer]);
    }
  } finally {
    await writer.close();
  }
  return writer.bytes;
}

async function flushFull(writers: readonly TextWriter[]): Promise<void> {
  for (const writer of writers) if (writer.isFull) await writer.flush();
}

// Counted down from, so that no unanswered request is named like an answered one.
const lastSerial = 0xffff_ffff;

/** Short, and of one request only: the batch's own digits and a count. */
function serialOf(batchId: string, count: number): string {
  return `${batchId.slice(-16)}${count.toString(16).padStart(8, "0")}`;
}

interface Marks {
  add(lines: ResultLines | undefined, output: number, error: number, ids: number): void;
  all(): readonly Mark[];
}

/** Keeps at most some hundred marks: a long batch advances in steps of some requests. */
function createMarks(): Marks {
  let marks: Mark[] = [start];
  let last = start;
  let step = 1;

  return {
    add(lines, outputBytes, errorBytes, idBytes) {
      last = {
        answered: last.answered + 1,
        completed: last.completed + (lines?.completed ?? 0),
        failed: last.failed + (lines?.failed ?? 0),
        outputBytes,
        errorBytes,
        idBytes,
        inputTokens: last.inputTokens + (lines?.inputTokens ?? 0),
        outputTokens: last.outputTokens + (lines?.outputTokens ?? 0),
      };
      if (last.answered % step !== 0) return;
      marks.push(last);
      if (marks.length <= maxMarks) return;
      step *= 2;
      marks = marks.filter((mark) => mark.answered % step === 0);
    },
    all: () => (marks.at(-1) === last ? marks : [...marks, last]),
  };
}
