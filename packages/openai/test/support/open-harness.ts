import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStorage, type Ports, type Storage } from "@langbatch/core";
import { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from "@langbatch/testing";
import OpenAI from "openai";
import { onTestFinished } from "vitest";

/** A server, a client for it, a storage, and time that passes only while somebody sleeps. */
export interface Harness {
  readonly server: FakeOpenAI;
  readonly client: OpenAI;
  readonly storage: Storage;
  /** What every batch of the test takes. */
  readonly options: {
    readonly storage: Storage;
    readonly batchKwargs: { readonly client: OpenAI };
    readonly ports: Partial<Ports>;
  };
  /** Writes a JSONL file of these lines and gives its path. */
  file(...lines: readonly (string | object)[]): Promise<string>;
  /** A folder that goes with the test. */
  readonly folder: string;
}

export async function openHarness(options: FakeOpenAIOptions = {}): Promise<Harness> {
  const server = await startFakeOpenAI(options);
  onTestFinished(() => server.close());
  const folder = await mkdtemp(join(tmpdir(), "langbatch-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const client = new OpenAI({ apiKey: "sk-test-canary", baseURL: server.url, maxRetries: 0 });
  const storage = memoryStorage();
  let files = 0;
  return {
    server,
    client,
    storage,
    folder,
    options: { storage, batchKwargs: { client }, ports: portsOf(server) },
    async file(...lines) {
      files += 1;
      const path = join(folder, `input-${files}.jsonl`);
      const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
      await writeFile(path, texts.map((text) => `${text}\n`).join(""));
      return path;
    },
  };
}

/** The server's clock, which sleeping moves. */
function portsOf(server: FakeOpenAI): Partial<Ports> {
  return {
    now: () => server.clock.now(),
    elapsed: () => server.clock.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      server.clock.advance(ms);
    },
    timeout: () => new AbortController().signal,
    random: () => 0.5,
    // Most tests are about trouble, of which the user is warned.
    warn() {},
  };
}

/** A chat request line. */
export function chatLine(customId: string, content = `Question ${customId}`): object {
  return {
    custom_id: customId,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "gpt-5-mini", messages: [{ role: "user", content }] },
  };
}
