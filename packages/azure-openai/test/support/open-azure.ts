import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStorage, type Ports, type Storage } from "@langbatch/core";
import { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from "@langbatch/testing";
import { onTestFinished } from "vitest";
import type { AzureOpenAIOptions } from "../../src/index.js";

/** A resource, a storage, and time that passes only while somebody sleeps. */
export interface AzureHarness {
  readonly server: FakeOpenAI;
  /** The resource's address, as users write it. */
  readonly resource: string;
  /** What every batch of the test takes. */
  options(more?: AzureOpenAIOptions): {
    readonly storage: Storage;
    readonly batchKwargs: AzureOpenAIOptions;
    readonly ports: Partial<Ports>;
  };
  readonly warnings: readonly string[];
  /** Writes a file and gives its path. */
  file(content: string): Promise<string>;
}

export async function openAzure(options: FakeOpenAIOptions = {}): Promise<AzureHarness> {
  const server = await startFakeOpenAI({ dialect: "azure", apiKey: "azure-key", ...options });
  onTestFinished(() => server.close());
  const folder = await mkdtemp(join(tmpdir(), "langbatch-azure-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = memoryStorage();
  const warnings: string[] = [];
  const ports: Partial<Ports> = {
    now: () => server.clock.now(),
    elapsed: () => server.clock.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      server.clock.advance(ms);
    },
    timeout: () => new AbortController().signal,
    random: () => 0.5,
    warn: (message) => warnings.push(message),
  };
  const resource = new URL(server.url).origin;
  return {
    server,
    resource,
    warnings,
    options: (more = {}) => ({
      storage,
      batchKwargs: { endpoint: resource, apiKey: "azure-key", ...more },
      ports,
    }),
    async file(content) {
      const path = join(folder, "input.jsonl");
      await writeFile(path, content);
      return path;
    },
  };
}

/** A chat request line. */
export function chatLine(
  customId: string,
  content: string | null = `Question ${customId}`,
): string {
  const body = { model: "my-deployment", messages: [{ role: "user", content }] };
  const url = "/v1/chat/completions";
  return JSON.stringify({ custom_id: customId, method: "POST", url, body });
}
