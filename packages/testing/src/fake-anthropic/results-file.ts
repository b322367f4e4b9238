import { type FileHandle, open, rm } from "node:fs/promises";
import { createTextWriter, readFileLines } from "../fake-server/json-lines.js";
import type { StopReason } from "./batch-life.js";
import type { PlayedRequests } from "./play-requests.js";
import { unansweredLine } from "./result-lines.js";

/** How many requests of a batch have which kind of result. */
export interface ResultCounts {
  readonly succeeded: number;
  readonly errored: number;
  readonly canceled: number;
  readonly expired: number;
}

/** What one request has in the results of a batch that is not stopped before. */
export interface ResultRow {
  readonly custom_id: string;
  /** Its place among the requests, which are answered in their order. */
  readonly index: number;
  /** `expired` where it is never answered. */
  readonly kind: "succeeded" | "errored" | "expired";
  /** How long its lines are; 0 where it never has one. */
  readonly bytes: number;
}

/** The results of a batch that has ended. */
export interface ResultsFile {
  readonly path: string;
  readonly bytes: number;
  readonly counts: ResultCounts;
}

/**
 * The results of a batch that ended when the first `answered` requests had their answer; those of the
 * others say why they have none.
 */
export async function settleResults(
  played: PlayedRequests,
  answered: number,
  stop: StopReason,
): Promise<ResultsFile> {
  const { counts, resultsPath, resultsBytes, rowsPath } = played;
  const all = counts.succeeded + counts.errored + counts.expired;
  const isWhole = answered >= all && (stop === "expired" || counts.expired === 0);
  const settled = isWhole
    ? { path: resultsPath, bytes: resultsBytes, counts }
    : await writeStopped(played, answered, stop);
  if (!isWhole) await rm(resultsPath, { force: true });
  await rm(rowsPath, { force: true });
  return settled;
}

async function writeStopped(
  { resultsPath, rowsPath }: PlayedRequests,
  answered: number,
  stop: StopReason,
): Promise<ResultsFile> {
  const path = `${resultsPath}.stopped`;
  const counts = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  const writer = createTextWriter(path);
  const results = await open(resultsPath, "a+");
  let position = 0;
  try {
    for await (const lines of readFileLines(rowsPath)) {
      for (const { bytes } of lines) {
        const row: ResultRow = JSON.parse(bytes.toString());
        const isAnswered = row.kind !== "expired" && row.index < answered;
        counts[isAnswered ? row.kind : stop] += 1;
        if (isAnswered) writer.add(await readText(results, position, row.bytes));
        else if (row.bytes > 0) writer.add(unansweredLine(row.custom_id, stop));
        position += row.bytes;
        if (writer.isFull) await writer.flush();
      }
    }
  } finally {
    await results.close();
    await writer.close();
  }
  return { path, bytes: writer.bytes, counts };
}

async function readText(file: FileHandle, position: number, bytes: number): Promise<string> {
  const buffer = Buffer.alloc(bytes);
  if (bytes > 0) await file.read(buffer, 0, bytes, position);
  return buffer.toString();
}
