import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describeStorage, type FakeOpenAI, startFakeOpenAI } from "@langbatch/testing";
import { startFakeAnthropic } from "@langbatch/testing/fake-anthropic";
import { startFakeGcs } from "@langbatch/testing/fake-gcs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { bucketStorage } from "../custom-storage/bucket-storage.js";
import { memoryBucket } from "../custom-storage/memory-bucket.js";
import { variedRequests } from "./varied-requests.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const node = ["--conditions=@langbatch/source", "--import", "tsx"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let server: FakeOpenAI;
let folder: string;
let compiled: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  // Everything is over at the first look, so the examples need no poll that is made for tests.
  const times = { validatingMs: 0, runningMs: 0, finalizingMs: 0 };
  server = await startFakeOpenAI({ clock: "real", apiKey: "sk-of-openai", ...times });
  compiled = await mkdtemp(join(tmpdir(), "langbatch-compiled-"));
});

afterAll(async () => {
  await server.close();
  await rm(compiled, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "langbatch-examples-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "tmp"));
  // What the loader has compiled once is good for all.
  await symlink(compiled, join(folder, "tmp", `tsx-${process.getuid?.() ?? ""}`));
  // Nothing of the machine's own settings, keys least of all.
  env = {
    PATH: process.env.PATH,
    TMPDIR: join(folder, "tmp"),
    LANGBATCH_HOME: join(folder, "home"),
    OPENAI_BASE_URL: server.url,
    OPENAI_API_KEY: "sk-of-openai",
  };
});

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, env: { ...env, ...more }, stdio: "pipe" });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(readAll));
  return { code: await code, stdout: stdout ?? "", stderr: stderr ?? "" };
}

async function readAll(stream: ChildProcess["stdout"]): Promise<string> {
  return stream ? text(stream) : "";
}

/** Runs an example as the README says, and expects it to have nothing to complain about. */
async function run(example: string, ...args: readonly string[]): Promise<string> {
  const child = start([...node, join("examples", example), ...args], {
    GROQ_API_KEY: "sk-of-openai",
  });
  const { code, stdout, stderr } = await ended(child);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** What was left in the directory for temporary files, but for the cache that tsx keeps there. */
async function leftovers(): Promise<readonly string[]> {
  return (await readdir(join(folder, "tmp"))).filter((name) => !name.startsWith("tsx-"));
}

describe("the examples", { timeout: 120_000 }, () => {
  it("answers the requests of a JSONL file, and goes on with the same batch when run again", async () => {
    const before = server.jobs.length;
    const first = await run("from-jsonl-file.ts", "examples/requests.jsonl");
    expect(first).toContain("completed: 3 of 3");
    const file = first.trim().split("\n").at(-1) ?? "";
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).custom_id)).toEqual([
      "haiku-spring",
      "haiku-summer",
      "haiku-autumn",
    ]);
    expect(await run("from-jsonl-file.ts", "examples/requests.jsonl")).toBe(first);
    expect(server.jobs.length - before).toBe(1);
  });

  it("answers a file in small jobs, and shows how far it is", async () => {
    const before = server.jobs.length;
    const output = await run("large-file.ts", "examples/requests.jsonl", "1");
    expect(server.jobs.length - before).toBe(3);
    expect(output).toContain("3 of 3 done, 100 % sent, 0 min left");
    expect(output).toContain("completed { total: 3, succeeded: 3, unsuccessful: 0, pending: 0 }");
    expect(output.trim().split("\n").at(-1)).toMatch(/\.jsonl$/);
  });

  it("names every line of a JSONL file that cannot be sent", async () => {
    const file = "examples/package.json";
    const child = start([...node, "examples/from-jsonl-file.ts", file]);
    const { code, stderr } = await ended(child);
    expect(code).toBe(1);
    expect(stderr).toContain("Line 1: it is not JSON; each line must be one whole request.");
    expect(stderr).toContain("\nLine 2: ");
  });

  it("asks a list of questions", async () => {
    const output = await run("from-a-list.ts");
    expect(output).toContain("completed { total: 4, succeeded: 4, unsuccessful: 0, pending: 0 }");
    expect(output).toContain("japan → You said: What is the capital of Japan?");
  });

  it("asks another service", async () => {
    const output = await run("openai-compatible-service.ts");
    expect(output).toContain(`at ${new URL(server.url).host}`);
    expect(output).toContain("request-0000000002 → You said: Name a river in Asia.");
  });

  it("asks a deployment at Azure", async () => {
    const times = { validatingMs: 0, runningMs: 0, finalizingMs: 0 };
    const deployments = ["my-batch"];
    const azure = await startFakeOpenAI({ dialect: "azure", clock: "real", deployments, ...times });
    onTestFinished(() => azure.close());
    const { origin } = new URL(azure.url);
    env = { ...env, AZURE_OPENAI_ENDPOINT: origin, AZURE_OPENAI_API_KEY: "azure-key" };
    const output = await run("azure-openai.ts", "my-batch");
    expect(output).toContain("request-0000000002 → You said: Name a mountain in Asia.");
    expect(azure.jobs).toHaveLength(1);
  });

  it("asks OpenAI and Anthropic the same 1,000 requests, and brings the same ids home", async () => {
    const claude = await startFakeAnthropic({ clock: "real", runningMs: 0 });
    onTestFinished(() => claude.close());
    env = { ...env, ANTHROPIC_BASE_URL: claude.url, ANTHROPIC_API_KEY: "claude-key" };
    const file = join(folder, "thousand.jsonl");
    await writeFile(file, variedRequests(1_000));
    const output = await run("two-providers.ts", file);
    expect(output).toContain("OpenAI: 1000 answers, 0 without one");
    expect(output).toContain("Claude: 1000 answers, 0 without one");
    expect(output).toMatch(/Claude.*\n {2}request 0 → .*Question 0/);
    const files = [...output.matchAll(/^ {2}(\/.*\.jsonl)$/gm)].map(([, path = ""]) => path);
    const results = await Promise.all(
      files.map(async (path) => (await readFile(path, "utf8")).trimEnd().split("\n")),
    );
    const idsOf = (lines: readonly string[] = []) =>
      lines.map((line) => JSON.parse(line).custom_id);
    expect(idsOf(results[0])).toEqual(Array.from({ length: 1_000 }, (_, at) => `request ${at}`));
    expect(idsOf(results[1])).toEqual(idsOf(results[0]));
  });

  it("never shows another service the key for OpenAI", async () => {
    const before = server.requests.length;
    const { code, stderr } = await ended(start([...node, "examples/openai-compatible-service.ts"]));
    expect(code).toBe(1);
    expect(stderr).toContain("Set GROQ_API_KEY.");
    expect(server.requests.length).toBe(before);
  });

  it("starts a batch in one process and reads it in another", async () => {
    const before = server.jobs.length;
    const id = (await run("load-in-another-process.ts")).trim().split("\n").at(-1) ?? "";
    expect(id).toMatch(/^lb_/);
    const output = await run("load-in-another-process.ts", id);
    expect(output).toMatch(/^completed\n/);
    expect(output).toContain("→ You said: Say something nice about Tuesday.");
    expect(server.jobs.length - before).toBe(1);
  });

  it("starts a batch on one machine and reads it on another, from a bucket", async () => {
    const gcs = await startFakeGcs({ buckets: ["my-bucket"] });
    onTestFinished(() => gcs.close());
    env = { ...env, STORAGE_EMULATOR_HOST: gcs.url, GOOGLE_CLOUD_PROJECT: "my-project" };
    const before = server.jobs.length;
    const id = (await run("batches-in-gcs.ts", "my-bucket")).trim().split("\n").at(-1) ?? "";
    expect(id).toMatch(/^lb_/);
    const output = await run("batches-in-gcs.ts", "my-bucket", id);
    expect(output).toMatch(/^completed\n/);
    expect(output).toContain("→ You said: Say something nice about Tuesday.");
    expect(server.jobs.length - before).toBe(1);
    expect(gcs.objects.map(({ name }) => name)).toContain(`batches/batches/${id}.record`);
    // Nothing is in the default storage.
    expect(await readdir(folder)).toEqual(["tmp"]);
  });

  it("takes over what a lost directory knew, and a job that another tool created", async () => {
    const id = (await run("load-in-another-process.ts")).trim().split("\n").at(-1) ?? "";
    const before = server.jobs.length;
    await rm(join(folder, "home"), { recursive: true });
    expect(await run("take-over.ts")).toContain(`${id}: recovered, 1 jobs`);
    expect(await run("load-in-another-process.ts", id)).toMatch(/^completed\n/);

    const job = server.jobs.at(-1)?.id ?? "";
    await rm(join(folder, "home"), { recursive: true });
    const output = await run("take-over.ts", job);
    expect(output).toMatch(/ended as completed, and every request has its result here/);
    const path = output.trim().split("\n").at(-1) ?? "";
    expect(await readFile(path, "utf8")).toContain("You said: Say something nice about Tuesday.");
    expect(server.jobs.length).toBe(before);
  });

  it("keeps a batch in a storage of one's own", async () => {
    const output = await run("custom-storage.ts");
    expect(output).toMatch(/batches\/lb_\w+\.record/);
    expect(output).toContain("You said: Why is the sky blue?");
    // Nothing is in the default storage.
    expect(await readdir(folder)).toEqual(["tmp"]);
  });
});

describe("the demo", { timeout: 120_000 }, () => {
  let demo: readonly string[];

  beforeAll(async () => {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    demo = scripts.demo.split(" ").slice(1);
  });

  it("classifies 3,201 films, shows how, and can be loaded again", async () => {
    const { code, stdout, stderr } = await ended(start(demo));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("The answers are simulated");
    expect(stdout).toContain("completed    3,188 of 3,201 answered, 13 failed\n");
    expect(stdout).toContain("Without an answer: 12 server_error, 1 content_filter.");
    expect(stdout).toContain("completed    3,200 of 3,201 answered, 1 failed\n");
    expect(stdout).toMatch(/Done in [\d.]+ s\./);
    expect(stdout).toMatch(/Answers {3}3,200 of 3,201 requests \(simulated\)/);
    expect(stdout).toContain('movie-2260  The Matrix (1999)       {"genre":"Action"}');
    expect(stdout).toContain("movie-2684  Saw (2004)              no answer: content_filter");
    expect(stdout).not.toContain("\x1b");

    const id = /npm run demo -- --load (\S+)/.exec(stdout)?.[1] ?? "";
    const results = await readFile(join(folder, "home", "results", `${id}.jsonl`), "utf8");
    expect(results.trim().split("\n")).toHaveLength(3201);
    expect(await leftovers()).toEqual([]);

    const again = await ended(start([...demo, "--load", id]));
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: "" });
    expect(again.stdout).toContain(summaryOf(stdout));
  });

  it("detaches on Ctrl-C, and leaves nothing but the stored batch", async () => {
    const child = start(demo);
    const end = ended(child);
    child.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.includes("in_progress")) child.kill("SIGINT");
    });
    const { code, stdout, stderr } = await end;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    const id = /Detached: nothing waits for (\S+) any more/.exec(stdout)?.[1] ?? "";
    expect(await leftovers()).toEqual([]);

    const again = await ended(start([...demo, "--load", id]));
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("This batch was interrupted");
  });

  it("says what is wrong with an id or an option", async () => {
    const wrongId = await ended(start([...demo, "--load", "lb_none"]));
    expect(wrongId.code).toBe(1);
    expect(wrongId.stderr).toMatch(/^There is no batch lb_none in this storage\..*\n$/);
    const wrongOption = await ended(start([...demo, "--lod", "lb_none"]));
    expect(wrongOption.code).toBe(1);
    expect(wrongOption.stderr).toContain("Usage: npm run demo");
  });
});

/** What both the run and the load print. */
function summaryOf(output: string): string {
  const from = output.indexOf("  Answers");
  return output.slice(from, output.indexOf("\nEvery run makes"));
}

describeStorage("bucketStorage over a bucket at hand", {
  create: async () => ({ storage: bucketStorage(memoryBucket()), dispose: async () => {} }),
});

describeStorage("bucketStorage over a bucket that takes a moment", {
  async create() {
    const bucket = memoryBucket({ delayMs: 1 });
    return {
      storage: bucketStorage(bucket),
      dispose: async () => {},
      reopen: async () => bucketStorage(bucket),
    };
  },
});
