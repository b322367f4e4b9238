import type { Journal } from "@langbatch/core";

/** Appends lines to a journal, in groups. */
export interface Commit<Item> {
  /** Appends a line soon; `item` is what is told of once it is durable. */
  add(line: string, item: Item): void;
  /** Whether every line that was added is durable. */
  readonly isIdle: boolean;
  /**
   * Begins no further append, and waits for the one on its way. Resolves with what was added and is not
   * known to be durable.
   */
  close(): Promise<readonly Item[]>;
}

/** Who is told what becomes of the lines. */
export interface CommitEvents<Item> {
  /** The lines of these are durable. */
  kept(items: readonly Item[]): void;
  /** An append failed: nobody knows what of it is there, and nothing is appended any more. */
  failed(error: unknown): void;
}

/** How much goes into one append, in UTF-16 units: a text has an end, and answers may be long. */
const mostUnits = 8_388_608;

/**
 * Appends what comes while another append is on its way together in the next one, so that a slow storage
 * does not make a slow job.
 */
export function openCommit<Item>(
  journal: Pick<Journal, "append">,
  { kept, failed }: CommitEvents<Item>,
): Commit<Item> {
  let lines: string[] = [];
  let items: Item[] = [];
  let appending: readonly Item[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;

  /** The next append: all that waits, or as much of it as one may hold. */
  function take(): string {
    let count = 0;
    let units = 0;
    while (count < lines.length && (count === 0 || units < mostUnits)) {
      units += lines[count]?.length ?? 0;
      count += 1;
    }
    const taken = `${lines.slice(0, count).join("\n")}\n`;
    appending = items.slice(0, count);
    lines = lines.slice(count);
    items = items.slice(count);
    return taken;
  }

  async function appendAll(): Promise<void> {
    try {
      while (lines.length > 0 && !isClosed) {
        await journal.append(Buffer.from(take()));
        const durable = appending;
        appending = [];
        kept(durable);
      }
    } catch (error) {
      isClosed = true;
      failed(error);
    }
    running = undefined;
  }

  return {
    add(line, item) {
      lines.push(line);
      items.push(item);
      if (!isClosed) running ??= appendAll();
    },
    get isIdle() {
      return items.length === 0 && appending.length === 0;
    },
    async close() {
      isClosed = true;
      await running;
      return [...appending, ...items];
    },
  };
}
