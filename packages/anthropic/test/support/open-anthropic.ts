import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStorage, type Ports, type Storage } from "@langbatch/core";
import {
  type FakeAnthropic,
  type FakeAnthropicOptions,
  startFakeAnthropic,
} from "@langbatch/testing/fake-anthropic";
import { onTestFinished } from "vitest";
import type { AnthropicOptions } from "../../src/index.js";

/** A fake service, a storage, and time that passes only while somebody sleeps. */
export interface AnthropicHarness {
  readonly server: FakeAnthropic;
  readonly storage: Storage;
  readonly folder: string;
  /** What every batch of the test takes. */
  readonly options: {
    readonly storage: Storage;
    readonly batchKwargs: AnthropicOptions;
    readonly ports: Partial<Ports>;
  };
  readonly warnings: readonly string[];
  /** Writes a file of these lines and gives its path. */
  file(...lines: readonly object[]): Promise<string>;
}

export const apiKey = "sk-ant-test";

export async function openAnthropic(options: FakeAnthropicOptions = {}): Promise<AnthropicHarness> {
  const server = await startFakeAnthropic({ apiKey, ...options });
  onTestFinished(() => server.close());
  const folder = await mkdtemp(join(tmpdir(), "langbatch-anthropic-"));
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
  return {
    server,
    storage,
    folder,
    warnings,
    options: { storage, batchKwargs: { baseURL: server.url, apiKey }, ports },
    async file(...lines) {
      const path = join(folder, "input.jsonl");
      await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      return path;
    },
  };
}

/** A chat request line. */
export function chatLine(customId: string, body: object = {}): object {
  return {
    custom_id: customId,
    method: "POST",
    url: "/v1/chat/completions",
    body: {
      model: "claude-sonnet-5-5",
      messages: [{ role: "user", content: `Question ${customId}` }],
      ...body,
    },
  };
}
