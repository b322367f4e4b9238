import { isAbsolute, relative } from "node:path";
import type { BatchStatus, RequestCounts } from "@langbatch/core";

const { stdout } = process;
// A terminal that knows no cursor gets separate lines, as a file or a pipe does.
const isLive = stdout.isTTY && process.env.TERM !== "dumb";
// hasColors() knows NO_COLOR and its relatives.
const isColored = stdout.isTTY && stdout.hasColors();

export function bold(text: string): string {
  return isColored ? `\x1b[1m${text}\x1b[22m` : text;
}

export function dim(text: string): string {
  return isColored ? `\x1b[2m${text}\x1b[22m` : text;
}

/** `3,201`, on every machine alike. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A path as short as it can be and still be pasted into a command in this directory. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}

/** How often a pipe gets a line while the status stays the same. */
const steps = 10;

/**
 * Shows how far a batch is: in one line that changes on a terminal; elsewhere in one after the other,
 * when the status has changed or a further tenth is done.
 */
export function statusLine(): {
  show(status: BatchStatus, counts: RequestCounts, remainingMs?: number): void;
  /** Leaves the last status where it is. */
  end(): void;
} {
  let isOpen = false;
  let shown = "";
  return {
    show(status, { total, succeeded, unsuccessful }, remainingMs) {
      const failed = unsuccessful > 0 ? `, ${count(unsuccessful)} failed` : "";
      const rest = remainingMs ? `, about ${count(Math.ceil(remainingMs / 1000))} s left` : "";
      const line = `  ${status.padEnd(12)} ${count(succeeded)} of ${count(total)} answered${failed}${rest}`;
      isOpen = isLive;
      // Not over the edge, where \r no longer leads back; some terminals say that they have no width.
      const width = (stdout.columns || 80) - 1;
      if (isLive) return void stdout.write(`\r${line.slice(0, width)}\x1b[K`);
      const step = `${status} ${Math.floor((steps * (succeeded + unsuccessful)) / (total || 1))}`;
      if (step !== shown) stdout.write(`${line}\n`);
      shown = step;
    },
    end() {
      if (isOpen) stdout.write("\n");
      isOpen = false;
    },
  };
}
