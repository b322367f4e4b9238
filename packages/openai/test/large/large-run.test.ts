import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { ResultLine } from "@langbatch/core";
import { startFakeOpenAI } from "@langbatch/testing";
import { expect, it, onTestFinished } from "vitest";
import { linkScript } from "../support/linked-script.js";
import { chatLine } from "../support/open-harness.js";

const requests = Number(process.env.LANGBATCH_LARGE_RUN ?? 20_000);
const jobs = 10;
/** One in so many requests has no answer at first. */
const oneIn = 100;

/**
 * Of the whole process, whatever the number of requests: Node.js alone takes some 60 MB, and the heap
 * grows by what it has no reason to collect yet.
 */
const mostMegabytes = 250;

// Not a claim about speed: as long as half a million requests may take on a slow machine.
const longestMs = 1_800_000;

const idOf = (at: number) => `request-${at}`;

function* lines(): Generator<string> {
  for (let at = 0; at < requests; at += 1) yield `${JSON.stringify(chatLine(idOf(at)))}\n`;
}

/** The result lines of a file. */
async function* resultsIn(path: string): AsyncGenerator<ResultLine> {
  let rest = "";
  for await (const text of createReadStream(path, "utf8")) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
  expect(rest).toBe("");
}

it(
  `${requests} requests come home complete and in order, with at most ${mostMegabytes} MB of memory`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "langbatch-large-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const script = join(folder, "script.cjs");
    await linkScript(new URL("./user-script.ts", import.meta.url), script);
    const input = join(folder, "input.jsonl");
    await pipeline(Readable.from(lines()), createWriteStream(input));
    const asked = new Set<string>();
    const server = await startFakeOpenAI({
      clock: "real",
      ...{ validatingMs: 0, runningMs: 0, finalizingMs: 0 },
      answer({ custom_id: customId }) {
        const isUnlucky = Number(customId.slice("request-".length)) % oneIn === 0;
        if (!isUnlucky || asked.has(customId)) return { kind: "succeed" };
        asked.add(customId);
        return { kind: "fail", status: 503 };
      },
    });
    onTestFinished(() => server.close());

    const state = join(folder, "state");
    const perJob = String(Math.ceil(requests / jobs));
    const args = ["--no-warnings", script, input, state, server.url, perJob];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { status, counts, shards, results, maxRSS } = JSON.parse(stdout);

    expect(status).toBe("completed");
    expect(counts).toEqual({ total: requests, succeeded: requests, unsuccessful: 0, pending: 0 });
    expect(shards).toBe(jobs + 1);
    let read = 0;
    for await (const { custom_id: customId, error } of resultsIn(results)) {
      // Only what is wrong: half a million assertions would take longer than the run.
      if (customId !== idOf(read) || error !== null) {
        expect([customId, error]).toEqual([idOf(read), null]);
      }
      read += 1;
    }
    expect(read).toBe(requests);
    expect(maxRSS / 1024).toBeLessThanOrEqual(mostMegabytes);
  },
  longestMs,
);
