import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { startModelServer } from "./support/model-server.js";

const script = fileURLToPath(new URL("support/killed-script.ts", import.meta.url));
const requests = 60;
const concurrency = 4;
/** At which request of a life it is killed; the last life ends by itself. */
const kills = [1, 4, 5, 17, 30];

const idOf = (at: number) => `request-${String(at).padStart(2, "0")}`;

async function folderWithInput(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "langbatch-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lines = Array.from({ length: requests }, (_, at) =>
    JSON.stringify({
      ...{ custom_id: idOf(at), method: "POST", url: "/v1/chat/completions" },
      body: { model: "m", messages: [{ role: "user", content: idOf(at) }] },
    }),
  );
  await writeFile(join(folder, "input.jsonl"), lines.join("\n"));
  return folder;
}

describe("a script killed with SIGKILL again and again, and started again", () => {
  it("asks again only what was on its way, and has each answer once", async () => {
    const folder = await folderWithInput();
    const server = await startModelServer();
    onTestFinished(() => server.close());
    const results = join(folder, "results.jsonl");

    async function live(killedAt: number): Promise<number | null> {
      const loader = ["--conditions=@langbatch/source", "--import", "tsx"];
      const paths = [join(folder, "input.jsonl"), join(folder, "state")];
      const args = [...loader, script, ...paths, server.baseURL, String(concurrency), results];
      const child = spawn(process.execPath, args, { stdio: "inherit" });
      onTestFinished(() => void child.kill("SIGKILL"));
      const last = server.asked.length + killedAt;
      server.intervene = () => {
        if (server.asked.length === last) child.kill("SIGKILL");
        return undefined;
      };
      return new Promise((resolve) => child.once("close", resolve));
    }

    for (const killedAt of kills) expect(await live(killedAt)).toBeNull();
    expect(await live(Number.POSITIVE_INFINITY)).toBe(0);

    const asked = server.asked.map(({ text }) => text);
    expect(new Set(asked).size).toBe(requests);
    expect(asked.length - requests).toBeLessThanOrEqual(kills.length * concurrency);
    const lines = (await readFile(results, "utf8")).split("\n").map((line) => JSON.parse(line));
    expect(lines.map(({ custom_id }) => custom_id)).toEqual(
      Array.from({ length: requests }, (_, at) => idOf(at)),
    );
    for (const { custom_id, response } of lines) {
      expect(response.body.choices[0].message.content).toBe(`You said: ${custom_id}`);
    }
  }, 180_000);
});
