import type { BatchProvider, Job, RequestLine } from "../../src/index.js";
import { ask, askLine } from "./asks.js";
import { epochMs } from "./conditions.js";
import { bytesOf } from "./opened-blobs.js";
import type { SimulatedProcess } from "./simulated-process.js";

/** Makes the provider of one life, which runs its jobs itself. */
export type MakeRunner = (process: SimulatedProcess) => BatchProvider;

/** A provider that runs its jobs in the process, some requests at a time: as simple as one can be. */
export function simulatedRuns(process: SimulatedProcess): BatchProvider {
  const { conditions, scheduler } = process.world;
  return {
    specVersion: 1,
    id: "simulated",
    settings: {},

    async traits() {
      return {
        ...{ maxRequests: conditions.requestsPerJob, maxBytes: 100_000 },
        ...{ oneModel: false, recovery: "token" },
      };
    },

    async create({ tag, requests }) {
      const createdAt = epochMs + Math.floor(scheduler.now);
      return { id: tag, tag, status: "in_progress", rawStatus: "in_progress", createdAt, requests };
    },

    async *get() {},
    async *list() {},
    async cancel() {},

    async *results(_job, _context, journal) {
      if (journal) yield* journal.read();
    },

    async *run(job, { tag, data, requests }, journal, { signal }) {
      const answered = new Set<string>();
      let failed = 0;
      const seen = (): Job => ({
        ...job,
        counts: { total: requests, completed: answered.size - failed, failed },
      });
      const note = (line: string) => {
        const { custom_id, response } = parse(line) ?? {};
        if (custom_id === undefined || answered.has(custom_id)) return;
        answered.add(custom_id);
        if (response?.status_code !== 200) failed += 1;
      };
      let text = "";
      for await (const chunk of journal.read()) text += Buffer.from(chunk).toString("utf8");
      for (const line of text.split("\n")) note(line);
      yield seen();

      const lines = (bytesOf(data) ?? Buffer.alloc(0)).toString("utf8").split("\n").filter(Boolean);
      const ids = lines.map((line) => (JSON.parse(line) as RequestLine).custom_id);
      const waiting = ids.filter((id) => !answered.has(id)).values();
      const failures: unknown[] = [];

      async function work(): Promise<void> {
        for (const id of waiting) {
          if (signal?.aborted || failures.length > 0) return;
          try {
            const line = askLine(`${tag}-${id}`, id, await ask(process, tag, id, signal));
            await journal.append(Buffer.from(`${line}\n`));
            note(line);
          } catch (error) {
            failures.push(error);
          }
        }
      }

      await Promise.all(Array.from({ length: conditions.asksAtOnce }, work));
      signal?.throwIfAborted();
      if (failures.length > 0) throw failures[0];
      yield { ...seen(), status: "completed", rawStatus: "completed" };
    },
  };
}

interface ParsedLine {
  readonly custom_id?: string;
  readonly response?: { readonly status_code: number };
}

function parse(line: string): ParsedLine | undefined {
  try {
    return JSON.parse(line) as ParsedLine;
  } catch {
    return undefined;
  }
}
