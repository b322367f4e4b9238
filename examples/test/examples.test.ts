import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeStorage, type FakeOpenAI, startFakeOpenAI } from "@langbatch/testing";
import { startFakeAnthropic } from "@langbatch/testing/fake-anthropic";
import { startFakeGcs } from "@langbatch/testing/fake-gcs";
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { bucketStorage } from "../custom-storage/bucket-storage.js";
import { memoryBucket } from "../custom-storage/memory-bucket.js";
import { useSandbox } from "./sandbox.js";
import { variedRequests } from "./varied-requests.js";

const sandbox = useSandbox();
let server: FakeOpenAI;

beforeAll(async () => {
  // Everything is over at the first look, so the examples need no poll that is made for tests.
  const times = { validatingMs: 0, runningMs: 0, finalizingMs: 0 };
  server = await startFakeOpenAI({ clock: "real", apiKey: "sk-of-openai", ...times });
  return () => server.close();
});

beforeEach(() => {
  add({ OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "sk-of-openai" });
});

/** Adds to what the examples find in their environment. */
function add(more: NodeJS.ProcessEnv): void {
  sandbox.env = { ...sandbox.env, ...more };
}

describe("the examples", { timeout: 120_000 }, () => {
  it("answers the requests of a JSONL file, and goes on with the same batch when run again", async () => {
    const before = server.jobs.length;
    const first = await sandbox.run("from-jsonl-file.ts", "examples/requests.jsonl");
    expect(first).toContain("completed: 3 of 3");
    const file = first.trim().split("\n").at(-1) ?? "";
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).custom_id)).toEqual([
      "haiku-spring",
      "haiku-summer",
      "haiku-autumn",
    ]);
    expect(await sandbox.run("from-jsonl-file.ts", "examples/requests.jsonl")).toBe(first);
    expect(server.jobs.length - before).toBe(1);
  });

  it("answers a file in small jobs, and shows how far it is", async () => {
    const before = server.jobs.length;
    const output = await sandbox.run("large-file.ts", "examples/requests.jsonl", "1");
    expect(server.jobs.length - before).toBe(3);
    expect(output).toContain("3 of 3 done, 100 % sent, 0 min left");
    expect(output).toContain("completed { total: 3, succeeded: 3, unsuccessful: 0, pending: 0 }");
    expect(output.trim().split("\n").at(-1)).toMatch(/\.jsonl$/);
  });

  it("names every line of a JSONL file that cannot be sent", async () => {
    const file = "examples/package.json";
    const { code, stderr } = await sandbox.end("from-jsonl-file.ts", file);
    expect(code).toBe(1);
    expect(stderr).toContain("Line 1: it is not JSON; each line must be one whole request.");
    expect(stderr).toContain("\nLine 2: ");
  });

  it("asks a list of questions", async () => {
    const output = await sandbox.run("from-a-list.ts");
    expect(output).toContain("completed { total: 4, succeeded: 4, unsuccessful: 0, pending: 0 }");
    expect(output).toContain("japan → You said: What is the capital of Japan?");
  });

  it("asks another service", async () => {
    add({ GROQ_API_KEY: "sk-of-openai" });
    const output = await sandbox.run("openai-compatible-service.ts");
    expect(output).toContain(`at ${new URL(server.url).host}`);
    expect(output).toContain("request-0000000002 → You said: Name a river in Asia.");
  });

  it("asks a deployment at Azure", async () => {
    const times = { validatingMs: 0, runningMs: 0, finalizingMs: 0 };
    const deployments = ["my-batch"];
    const azure = await startFakeOpenAI({ dialect: "azure", clock: "real", deployments, ...times });
    onTestFinished(() => azure.close());
    const { origin } = new URL(azure.url);
    add({ AZURE_OPENAI_ENDPOINT: origin, AZURE_OPENAI_API_KEY: "azure-key" });
    const output = await sandbox.run("azure-openai.ts", "my-batch");
    expect(output).toContain("request-0000000002 → You said: Name a mountain in Asia.");
    expect(azure.jobs).toHaveLength(1);
  });

  it("asks OpenAI and Anthropic the same 1,000 requests, and brings the same ids home", async () => {
    const claude = await startFakeAnthropic({ clock: "real", runningMs: 0 });
    onTestFinished(() => claude.close());
    add({ ANTHROPIC_BASE_URL: claude.url, ANTHROPIC_API_KEY: "claude-key" });
    const file = join(sandbox.folder, "thousand.jsonl");
    await writeFile(file, variedRequests(1_000));
    const output = await sandbox.run("two-providers.ts", file);
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
    const { code, stderr } = await sandbox.end("openai-compatible-service.ts");
    expect(code).toBe(1);
    expect(stderr).toContain("Set GROQ_API_KEY.");
    expect(server.requests.length).toBe(before);
  });

  it("starts a batch in one process and reads it in another", async () => {
    const before = server.jobs.length;
    const id = (await sandbox.run("load-in-another-process.ts")).trim().split("\n").at(-1) ?? "";
    expect(id).toMatch(/^lb_/);
    const output = await sandbox.run("load-in-another-process.ts", id);
    expect(output).toMatch(/^completed\n/);
    expect(output).toContain("→ You said: Say something nice about Tuesday.");
    expect(server.jobs.length - before).toBe(1);
  });

  it("starts a batch on one machine and reads it on another, from a bucket", async () => {
    const gcs = await startFakeGcs({ buckets: ["my-bucket"] });
    onTestFinished(() => gcs.close());
    add({ STORAGE_EMULATOR_HOST: gcs.url, GOOGLE_CLOUD_PROJECT: "my-project" });
    const before = server.jobs.length;
    const id =
      (await sandbox.run("batches-in-gcs.ts", "my-bucket")).trim().split("\n").at(-1) ?? "";
    expect(id).toMatch(/^lb_/);
    const output = await sandbox.run("batches-in-gcs.ts", "my-bucket", id);
    expect(output).toMatch(/^completed\n/);
    expect(output).toContain("→ You said: Say something nice about Tuesday.");
    expect(server.jobs.length - before).toBe(1);
    expect(gcs.objects.map(({ name }) => name)).toContain(`batches/batches/${id}.record`);
    // Nothing is in the default storage.
    expect(await readdir(sandbox.folder)).toEqual(["tmp"]);
  });

  it("takes over what a lost directory knew, and a job that another tool created", async () => {
    const id = (await sandbox.run("load-in-another-process.ts")).trim().split("\n").at(-1) ?? "";
    const before = server.jobs.length;
    await rm(join(sandbox.folder, "home"), { recursive: true });
    expect(await sandbox.run("take-over.ts")).toContain(`${id}: recovered, 1 jobs`);
    expect(await sandbox.run("load-in-another-process.ts", id)).toMatch(/^completed\n/);

    const job = server.jobs.at(-1)?.id ?? "";
    await rm(join(sandbox.folder, "home"), { recursive: true });
    const output = await sandbox.run("take-over.ts", job);
    expect(output).toMatch(/ended as completed, and every request has its result here/);
    const path = output.trim().split("\n").at(-1) ?? "";
    expect(await readFile(path, "utf8")).toContain("You said: Say something nice about Tuesday.");
    expect(server.jobs.length).toBe(before);
  });

  it("keeps a batch in a storage of one's own", async () => {
    const output = await sandbox.run("custom-storage.ts");
    expect(output).toMatch(/batches\/lb_\w+\.record/);
    expect(output).toContain("You said: Why is the sky blue?");
    // Nothing is in the default storage.
    expect(await readdir(sandbox.folder)).toEqual(["tmp"]);
  });
});

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
