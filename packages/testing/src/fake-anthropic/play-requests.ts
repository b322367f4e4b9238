import { join } from "node:path";
import { createTextWriter, readFileLines } from "../fake-server/json-lines.js";
import { seededRandom, shuffle } from "../fake-server/shuffle.js";
import { paramsProblem } from "./check-params.js";
import type { AnswerScript, FakeMessageRequest, MessageRequest, Outcome } from "./outcome.js";
import type { ReceivedRequests } from "./receive-requests.js";
import { answeredLines, unansweredLine } from "./result-lines.js";
import type { ResultCounts, ResultRow } from "./results-file.js";

/** A whole batch played in advance: its results where every request is answered that ever is. */
export interface PlayedRequests {
  /** One or more lines for each request, in the order of the results. */
  readonly resultsPath: string;
  readonly resultsBytes: number;
  readonly counts: ResultCounts;
  /** A {@link ResultRow} for each request, in the same order. */
  readonly rowsPath: string;
}

/** What playing a batch depends on. */
export interface PlayOptions {
  /** Names the files and, within them, the requests. */
  readonly batchId: string;
  readonly received: ReceivedRequests;
  readonly directory: string;
  readonly answer: AnswerScript;
  /** Decides the order of the results. */
  readonly seed: number;
}

// Results are shuffled within a window, so that memory does not grow with the batch.
const windowRequests = 4096;
const windowLength = 8_388_608;

// Without the params: a window of large ones would fill the memory.
interface Entry {
  readonly customId: string;
  readonly index: number;
  readonly kind: ResultRow["kind"];
  readonly lines: string;
}

/** Reads the requests once, asks for every outcome, and writes the results in another order. */
export async function playRequests(options: PlayOptions): Promise<PlayedRequests> {
  const { batchId, directory, received } = options;
  const resultsPath = join(directory, `${batchId}_results.jsonl`);
  const rowsPath = join(directory, `${batchId}_rows.jsonl`);
  const results = createTextWriter(resultsPath);
  const rows = createTextWriter(rowsPath);
  const random = seededRandom(options.seed);
  const counts = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  let window: Entry[] = [];
  let waitingLength = 0;
  let index = 0;

  function add(request: FakeMessageRequest): void {
    const serial = `01${batchId.slice(-16)}${request.index.toString(16).padStart(6, "0")}`;
    const outcome = outcomeOf(request, options.answer);
    const lines =
      outcome.kind === "expire"
        ? unansweredLine(request.custom_id, "expired")
        : answeredLines(request, outcome, serial);
    waitingLength += lines.length;
    const { custom_id: customId, index } = request;
    window.push({ customId, index, kind: kindOf(outcome), lines });
  }

  async function writeWindow(): Promise<void> {
    shuffle(window, random);
    for (const { customId, index, kind, lines } of window) {
      const row: ResultRow = { custom_id: customId, index, kind, bytes: Buffer.byteLength(lines) };
      counts[kind] += 1;
      results.add(lines);
      rows.add(`${JSON.stringify(row)}\n`);
    }
    window = [];
    waitingLength = 0;
    await results.flush();
    await rows.flush();
  }

  try {
    for await (const lines of readFileLines(received.path)) {
      for (const { bytes } of lines) {
        const request: MessageRequest = JSON.parse(bytes.toString());
        add({ ...request, index });
        index += 1;
        const isFull = window.length >= windowRequests || waitingLength >= windowLength;
        if (isFull) await writeWindow();
      }
    }
    await writeWindow();
  } finally {
    await results.close();
    await rows.close();
  }
  return { resultsPath, resultsBytes: results.bytes, counts, rowsPath };
}

function outcomeOf(request: FakeMessageRequest, answer: AnswerScript): Outcome {
  const problem = paramsProblem(request.params);
  return problem === undefined ? answer(request) : { kind: "error", message: problem };
}

function kindOf({ kind }: Outcome): ResultRow["kind"] {
  if (kind === "expire") return "expired";
  return kind === "error" ? "errored" : "succeeded";
}
