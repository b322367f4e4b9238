import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { argumentsOf, type Ended, ended, useSandbox } from "./sandbox.js";

const sandbox = useSandbox();

describe("npm run demo", { timeout: 120_000 }, () => {
  let command: readonly string[];

  beforeAll(async () => {
    command = await argumentsOf("demo");
  });

  const demo = (...args: readonly string[]): Promise<Ended> =>
    ended(sandbox.start([...command, ...args]));

  it("has a model read emoji, finds them by what somebody means, and asks it only once", async () => {
    const { code, stdout, stderr } = await demo("--texts", "64");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^LangBatch: 64 emoji, found by what you mean\n/);
    expect(stdout).toContain("9 requests of 8 texts at most");
    expect(stdout).toContain("completed    9 of 9 answered\n");
    expect(stdout).toMatch(/Done in [\d.]+ s: the model answered 9 requests\.\n/);
    expect(stdout).toContain("  Tokens    940, as the model counts them\n");
    expect(stdout).toMatch(/cooking pasta tonight\n {6}🍝 spaghetti 0\.\d\d {3}🍳 cooking 0/u);
    expect(stdout).toMatch(/something to keep the rain off\n {6}☂️ umbrella 0/u);
    expect(stdout).not.toContain("\x1b");
    expect(await sandbox.leftovers()).toEqual([]);

    const path = /Results {3}(\S+)/.exec(stdout)?.[1] ?? "";
    const lines = (await readFile(path, "utf8")).trim().split("\n");
    expect(lines).toHaveLength(9);
    const { data } = JSON.parse(lines[1] ?? "").response.body;
    expect(data).toHaveLength(8);
    expect(data[7].embedding).toHaveLength(512);

    const again = await demo("--texts", "64");
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toContain(
      "every answer was here from an earlier run, and nobody was asked",
    );
    expect(resultsOf(again.stdout)).toBe(resultsOf(stdout));

    const search = await demo("a plate of pasta with tomatoes", "--texts", "64");
    expect(search).toMatchObject({ code: 0, stderr: "" });
    expect(search.stdout).toMatch(
      /^a plate of pasta with tomatoes, among 64 emoji\n {2}0\.\d\d {2}🍝 spaghetti\n/u,
    );
  });

  it("goes on where Ctrl-C has stopped it", async () => {
    const child = sandbox.start([...command, "--texts", "240"]);
    const end = ended(child);
    let isInterrupted = false;
    child.stdout?.on("data", (chunk: Buffer) => {
      if (isInterrupted || !/ [1-9]\d* of 31 answered/.test(chunk.toString())) return;
      // Once: a second one ends it at once.
      isInterrupted = true;
      child.kill("SIGINT");
    });
    const { code, stdout, stderr } = await end;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    const shown = /Interrupted: (\d+) of 31 requests answered.*\n {2}(npm run demo -- --texts 240)/;
    const [, answered, goOn] = shown.exec(stdout) ?? [];
    expect(goOn).toBeDefined();
    expect(await sandbox.leftovers()).toEqual([]);

    const again = await demo("--texts", "240");
    expect(again).toMatchObject({ code: 0, stderr: "" });
    const counted = /(\d+) answers were here from an earlier run, the model answered (\d+) req/;
    const [, known, asked] = counted.exec(again.stdout) ?? [];
    expect(Number(known)).toBeGreaterThanOrEqual(Number(answered));
    expect(Number(known) + Number(asked)).toBe(31);
  });

  it("reads the emoji before a search where that was not done, and anew for --fresh", async () => {
    const first = await demo("--texts", "8", "a funny face");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/^The model has not read all emoji yet: that comes first\.\n/);
    expect(first.stdout).toContain("completed    2 of 2");
    expect(first.stdout).toContain("a funny face, among 8 emoji\n  0.");
    const fresh = await demo("--texts", "8", "--fresh");
    expect(fresh.stdout).toContain("the model answered 2 requests");
    expect(fresh.stdout).toContain(join("home", "demo-emojis-8-2.jsonl"));
    const last = await demo("--texts", "8");
    expect(last.stdout).toContain("nobody was asked");
    expect(resultsOf(last.stdout)).toBe(resultsOf(fresh.stdout));
  });

  it("says in one sentence what is wrong with its arguments", async () => {
    const wrong = [
      [["--lod"], "Unknown option '--lod'; npm run demo -- --help says what there is.\n"],
      [["--texts", "few"], '--texts takes a whole number from 8 on, not "few".\n'],
      [[" "], "Say in words what you mean.\n"],
    ] as const;
    for (const [args, stderr] of wrong) {
      expect(await demo(...args)).toEqual({ code: 1, stdout: "", stderr });
    }
  });
});

/** What every run of the same batch prints. */
function resultsOf(output: string): string {
  return output.slice(output.indexOf("  Answers"));
}
