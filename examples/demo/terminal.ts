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

/** Shows a batch's status: one line that changes on a terminal, one after the other elsewhere. */
export function statusLine(): {
  show(status: BatchStatus, counts: RequestCounts): void;
  /** Leaves the last status where it is. */
  end(): void;
} {
  let isOpen = false;
  return {
    show(status, { total, succeeded, unsuccessful }) {
      const failed = unsuccessful > 0 ? `, ${count(unsuccessful)} failed` : "";
      const line = `  ${status.padEnd(12)} ${count(succeeded)} of ${count(total)} answered${failed}`;
      isOpen = isLive;
      // Not over the edge, where \r no longer leads back; some terminals say that they have no width.
      const width = (stdout.columns || 80) - 1;
      stdout.write(isLive ? `\r${line.slice(0, width)}\x1b[K` : `${line}\n`);
    },
    end() {
      if (isOpen) stdout.write("\n");
      isOpen = false;
    },
  };
}
