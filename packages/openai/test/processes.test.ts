import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { fileStorage } from "@langbatch/storage-file";
import type { FakeOpenAI, HttpFault, RequestMatch } from "@langbatch/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { linkScript } from "./support/linked-script.js";
import { chatLine, openHarness } from "./support/open-harness.js";

let folderOfWorker = "";
let worker = "";

beforeAll(async () => {
  folderOfWorker = await mkdtemp(join(tmpdir(), "langbatch-worker-"));
  worker = join(folderOfWorker, "worker.cjs");
  await linkScript(new URL("./support/worker.ts", import.meta.url), worker);
});

afterAll(() => rm(folderOfWorker, { recursive: true, force: true }));

function runWorker(...args: readonly string[]): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ["--no-warnings", worker, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout?.on("data", (data) => {
    output += String(data);
  });
  return { child, output: () => output };
}

/** Until the server has seen the request that the fault is for. */
async function seen(server: FakeOpenAI, { method, path }: RequestMatch): Promise<void> {
  await vi.waitFor(
    () => {
      const found = server.requests.some(
        (request) => request.method === method && request.path.search(path ?? "") !== -1,
      );
      expect(found).toBe(true);
    },
    { timeout: 60_000, interval: 10 },
  );
}

const times = { clock: "real", validatingMs: 0, runningMs: 50, finalizingMs: 0 } as const;

describe("a script killed with SIGKILL in the middle of a request", () => {
  it.each<[string, RequestMatch, HttpFault]>([
    ["the upload", { method: "POST", path: /\/files$/ }, { kind: "hang" }],
    ["an upload that was taken", { method: "POST", path: /\/files$/ }, { kind: "hang-after" }],
    ["a create that was not taken", { method: "POST", path: /\/batches$/ }, { kind: "hang" }],
    ["a create that was taken", { method: "POST", path: /\/batches$/ }, { kind: "hang-after" }],
    ["a look at the job", { method: "GET", path: /\/batches\// }, { kind: "hang" }],
    ["the download", { method: "GET", path: /\/content$/ }, { kind: "hang" }],
  ])("(%s) goes on when it is run again, and pays once", async (_what, match, fault) => {
    const { server, file, folder } = await openHarness(times);
    const input = await file(...["a", "b", "c"].map((id) => chatLine(id)));
    const state = join(folder, "state");
    server.failNext(match, fault);
    const first = runWorker(input, state, server.url);
    await seen(server, match);
    first.child.kill("SIGKILL");
    await once(first.child, "close");

    // What it left behind can be explained by anybody.
    const storage = fileStorage(state);
    const ids: string[] = [];
    for await (const key of storage.list("batches/")) ids.push(key.slice("batches/".length));
    expect(ids).toHaveLength(1);
    const explained = await OpenAIChatCompletionBatch.load(ids[0] ?? "", {
      storage,
      batchKwargs: { apiKey: "sk-test", baseURL: server.url },
    });
    expect(await explained.getStatus()).toMatch(/^(validating|in_progress|finalizing|completed)$/);

    const second = runWorker(input, state, server.url);
    const [code] = await once(second.child, "close");
    expect(code).toBe(0);
    expect(JSON.parse(second.output())).toEqual({ id: ids[0], successful: 3, unsuccessful: 0 });
    expect(server.jobs).toHaveLength(1);
  });
});

it("two scripts with one key, run at once, pay once and both get all results", async () => {
  const { server, file, folder } = await openHarness(times);
  const input = await file(...["a", "b", "c"].map((id) => chatLine(id)));
  const scripts = [1, 2].map(() => runWorker(input, join(folder, "state"), server.url));
  for (const { child } of scripts) if (child.exitCode === null) await once(child, "close");
  const outputs = scripts.map(({ output }) => JSON.parse(output()));
  expect(outputs.map(({ successful }) => successful)).toEqual([3, 3]);
  expect(server.jobs).toHaveLength(1);
});
