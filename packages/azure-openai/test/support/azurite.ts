import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";

/**
 * Where Azure's storage emulator is: its `dist/src/blob/main.js`. It brings 370 packages, so it is no
 * dependency: the whole check installs it aside, and what needs it is skipped without.
 */
export const azurite: string | undefined = process.env.LANGBATCH_AZURITE;

/** A running emulator with one account. */
export interface Azurite {
  /** Makes a new container. */
  container(name: string): Promise<ContainerClient>;
  close(): Promise<void>;
}

export async function startAzurite(): Promise<Azurite> {
  const directory = await mkdtemp(join(tmpdir(), "langbatch-azurite-"));
  const key = randomBytes(32).toString("base64");
  const options = ["--silent", "--skipApiVersionCheck", "--disableTelemetry"];
  const place = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--location", directory];
  const child = spawn(process.execPath, [azurite ?? "", ...place, ...options], {
    env: { ...process.env, AZURITE_ACCOUNTS: `account:${key}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await addressOf(child);
  const credential = new StorageSharedKeyCredential("account", key);
  return {
    async container(name) {
      const client = new ContainerClient(`${address}/account/${name}`, credential);
      await client.create();
      return client;
    },
    async close() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    stdout?.on("data", (chunk) => {
      text += chunk;
      const address = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (address) resolve(address);
    });
    stdout?.on("end", () => reject(new Error(`Azurite did not start: ${text}`)));
  });
}
