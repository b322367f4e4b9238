import type { Journal } from "@langbatch/core";

/** A journal in memory, which begins each append on a line of its own, as core's does. */
export interface MemoryJournal extends Journal {
  /** All that is durable. */
  readonly text: string;
  /** The ids of its whole lines, in their order. */
  readonly ids: readonly string[];
  readonly appends: number;
  /** What a process that died while it appended has left behind. */
  tear(bytes: Uint8Array): void;
}

/** @param pass - the time an append takes; where it rejects, nothing of it is there. */
export function memoryJournal(pass: () => Promise<void> = async () => {}): MemoryJournal {
  const chunks: Buffer[] = [];
  let appends = 0;

  function write(data: Uint8Array): void {
    chunks.push(Buffer.from("\n"), Buffer.from(data));
  }

  return {
    async *read() {
      yield* [...chunks];
    },
    async append(data) {
      appends += 1;
      await pass();
      write(data);
    },
    get text() {
      return Buffer.concat(chunks).toString("utf8");
    },
    get ids() {
      return wholeLines(this.text).map(({ id }) => id);
    },
    get appends() {
      return appends;
    },
    tear: write,
  };
}

function wholeLines(text: string): { readonly id: string }[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as { id: string }];
    } catch {
      return [];
    }
  });
}
