import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type AnthropicHarness,
  apiKey,
  chatLine,
  openAnthropic,
} from "./support/open-anthropic.js";

const script = fileURLToPath(new URL("support/killed-script.ts", import.meta.url));
const ids = ["a", "b", "c"];

/** Runs the script, and kills it with SIGKILL as soon as the server has seen its nth request. */
async function live(
  { server, folder }: AnthropicHarness,
  path: string,
  killedAt: number,
): Promise<{ readonly code: number | null; readonly output: string; readonly asked: string }> {
  const loader = ["--conditions=@langbatch/source", "--import", "tsx"];
  const args = [...loader, script, path, join(folder, "state"), server.url];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  let seen = 0;
  let asked = "nothing";
  function heard(message: unknown): void {
    const { request, socket } = message as { request: { method: string }; socket: Socket };
    if (socket.localPort !== Number(new URL(server.url).port)) return;
    seen += 1;
    asked = request.method;
    if (seen === killedAt) child.kill("SIGKILL");
  }
  subscribe("http.server.request.start", heard);
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdout.on("data", (data) => {
    output += String(data);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  unsubscribe("http.server.request.start", heard);
  return { code, output, asked };
}

/** Somebody else's batch of the same size, which runs while ours is looked for. */
async function createStranger({ server }: AnthropicHarness): Promise<void> {
  server.failJob({ kind: "ends-late", ms: 1_000 });
  const messages = [{ role: "user", content: "Whose is it?" }];
  const params = { model: "claude-sonnet-5-5", max_tokens: 8, messages };
  const requests = ids.map((id) => ({ custom_id: `theirs-${id}`, params }));
  await fetch(`${server.url}/v1/messages/batches`, {
    method: "POST",
    headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ requests }),
  });
}

describe("a script killed with SIGKILL and started again, beside a stranger of its size", () => {
  // The first request says who asks, the second is the create, the others look at what came of it.
  it.each([1, 2, 3, 4])(
    "at its request %i pays for each request once and gets each answer once",
    async (killedAt) => {
      const paid: string[] = [];
      const harness = await openAnthropic({
        ...{ clock: "real", runningMs: 50 },
        answer({ custom_id }) {
          paid.push(custom_id);
          return { kind: "succeed" };
        },
      });
      const path = await harness.file(...ids.map((id) => chatLine(id)));
      await createStranger(harness);
      const lives = [];
      do lives.push(await live(harness, path, lives.length === 0 ? killedAt : 0));
      while (lives.at(-1)?.code !== 0 && lives.length < 20);
      const seen = lives.map(({ code, asked }) => `${code} after ${asked}`).join(", ");
      expect(lives.length, seen).toBeGreaterThan(1);
      expect(JSON.parse(lives.at(-1)?.output ?? ""), seen).toEqual(
        ids.map((id) => [id, expect.stringContaining(`Question ${id}`)]),
      );
      expect(harness.server.jobs, seen).toHaveLength(2);
      const ours = paid.filter((id) => !id.startsWith("theirs-"));
      expect(
        ours.map((id) => id.replace(/^.*R/, "R")),
        seen,
      ).toEqual(["R0N0", "R0N1", "R0N2"]);
    },
    120_000,
  );
});
