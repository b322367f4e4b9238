import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { argumentsOf, ended, useSandbox } from "./sandbox.js";

const sandbox = useSandbox();

describe("npm run demo:openai", { timeout: 120_000 }, () => {
  let demo: readonly string[];

  beforeAll(async () => {
    demo = await argumentsOf("demo:openai");
  });

  it("classifies 3,201 films, shows how, and can be loaded again", async () => {
    const { code, stdout, stderr } = await ended(sandbox.start(demo));
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

    const id = /npm run demo:openai -- --load (\S+)/.exec(stdout)?.[1] ?? "";
    const results = await readFile(join(sandbox.folder, "home", "results", `${id}.jsonl`), "utf8");
    expect(results.trim().split("\n")).toHaveLength(3201);
    expect(await sandbox.leftovers()).toEqual([]);

    const again = await ended(sandbox.start([...demo, "--load", id]));
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: "" });
    expect(again.stdout).toContain(summaryOf(stdout));
  });

  it("detaches on Ctrl-C, and leaves nothing but the stored batch", async () => {
    const child = sandbox.start(demo);
    const end = ended(child);
    let isInterrupted = false;
    child.stdout?.on("data", (chunk: Buffer) => {
      if (isInterrupted || !chunk.includes("in_progress")) return;
      // Once: a second one ends it at once.
      isInterrupted = true;
      child.kill("SIGINT");
    });
    const { code, stdout, stderr } = await end;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    const id = /Detached: nothing waits for (\S+) any more/.exec(stdout)?.[1] ?? "";
    expect(await sandbox.leftovers()).toEqual([]);

    const again = await ended(sandbox.start([...demo, "--load", id]));
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("This batch was interrupted");
  });

  it("says what is wrong with an id or an option", async () => {
    const wrongId = await ended(sandbox.start([...demo, "--load", "lb_none"]));
    expect(wrongId.code).toBe(1);
    expect(wrongId.stderr).toMatch(/^There is no batch lb_none in this storage\..*\n$/);
    const wrongOption = await ended(sandbox.start([...demo, "--lod", "lb_none"]));
    expect(wrongOption.code).toBe(1);
    expect(wrongOption.stderr).toContain("Usage: npm run demo:openai");
  });
});

/** What both the run and the load print. */
function summaryOf(output: string): string {
  const from = output.indexOf("  Answers");
  return output.slice(from, output.indexOf("\nEvery run makes"));
}
