import type { BatchProvider, Job, Ports, Storage } from "@langbatch/core";
import { openTimeline } from "./timeline.js";
import { openWorld, resultLine, type TestBatch, type World } from "./world.js";

/** A world whose provider leaves its jobs to the process that waits. */
export interface RunWorld extends World {
  /** The ids of all requests that were asked, in their order: what would be paid for. */
  readonly asked: string[];
  /** How long one answer takes, in milliseconds. Default: 1 000. */
  askMs: number;
  /** Called before each request is asked; may throw. */
  onAsk: (customId: string) => void;
}

type TestBatchOptions = NonNullable<ConstructorParameters<typeof TestBatch>[1]>;

/** A process in a world of runs. */
export interface RunProcess {
  readonly options: TestBatchOptions;
  /** From now on it does nothing any more, and nobody hears of it. */
  kill(): void;
}

export function openRunWorld(storage?: Storage): RunWorld {
  const world = openWorld(storage);
  const { now, sleep } = openTimeline();
  const ports: Ports = { ...world.ports, now, elapsed: now, sleep };
  const onAsk: RunWorld["onAsk"] = () => {};
  return Object.assign(world, { asked: [], askMs: 1_000, onAsk, ports });
}

export function openProcess(world: RunWorld, storage: Storage = world.storage): RunProcess {
  let isDead = false;
  const never = new Promise<never>(() => {});
  const alive = async <T>(begin: () => Promise<T>): Promise<T> => {
    if (isDead) return never;
    const value = await begin();
    return isDead ? never : value;
  };
  const ports: Ports = {
    ...world.ports,
    sleep: (ms, signal) => alive(() => world.ports.sleep(ms, signal)),
  };
  const { append } = storage;
  const mortal: Storage = {
    ...storage,
    readRecord: (key) => alive(() => storage.readRecord(key)),
    writeRecord: (key, value, options) => alive(() => storage.writeRecord(key, value, options)),
    writeBlob: (key, data) => alive(() => storage.writeBlob(key, data)),
    ...(append && { append: (key, data) => alive(() => append.call(storage, key, data)) }),
  };
  const provider = { ...world.provider, ...running(world, ports) };
  return {
    options: { storage: mortal, batchKwargs: { world: { ...world, provider } }, ports },
    kill() {
      isDead = true;
    },
  };
}

/** Asks one request after the other, and writes down each answer before the next. */
function running(
  world: RunWorld,
  ports: Ports,
): Pick<Required<BatchProvider>, "create" | "run" | "results"> {
  return {
    async create({ tag, requests }): Promise<Job> {
      const createdAt = ports.now();
      return { id: tag, tag, status: "in_progress", rawStatus: "in_progress", createdAt, requests };
    },
    async *run(job, { data, requests }, journal, { signal }) {
      const done = new Set<string>();
      let failed = 0;
      const note = (line: string) => {
        const { custom_id, response } = JSON.parse(line);
        done.add(custom_id);
        if (response.status_code !== 200) failed += 1;
      };
      const seen = (): Job => ({
        ...job,
        counts: { total: requests, completed: done.size - failed, failed },
      });
      let text = "";
      for await (const chunk of journal.read()) text += Buffer.from(chunk).toString("utf8");
      for (const line of text.split("\n").filter(Boolean)) note(line);
      yield seen();
      for (const line of (await data.text()).split("\n").filter(Boolean)) {
        const { custom_id } = JSON.parse(line);
        if (done.has(custom_id)) continue;
        world.onAsk(custom_id);
        world.asked.push(custom_id);
        await ports.sleep(world.askMs, signal);
        const result = JSON.stringify(resultLine(custom_id, world.end(custom_id) === "succeed"));
        await journal.append(Buffer.from(`${result}\n`));
        note(result);
        yield seen();
      }
      yield { ...seen(), status: "completed", rawStatus: "completed" };
    },
    results: (_job, _context, journal) => journal?.read() ?? nothing(),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
