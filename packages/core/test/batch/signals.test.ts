import { getEventListeners, once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LangBatchError } from "@langbatch/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { systemPorts } from "../../src/engine/ports.js";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

describe("a signal that lives as long as a batch", () => {
  it("collects no listeners, although the provider adds one at every call", async () => {
    const world = openWorld();
    world.runsMs = 10_000_000;
    const { get } = world.provider;
    world.provider.get = (ids, context) => {
      context.signal?.addEventListener("abort", () => {});
      return get(ids, context);
    };
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await batch.start();
    const { signal } = new AbortController();
    await batch.wait({ signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("reaches a call that is under way, with its reason", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await batch.start();
    const stop = new AbortController();
    const reason = new Error("enough");
    world.provider.get = (_ids, { signal }) => {
      stop.abort(reason);
      throw signal?.reason;
    };
    await expect(batch.getStatus({ signal: stop.signal })).rejects.toBe(reason);
  });
});

describe("waiting where something is wrong that may pass", () => {
  it("tells who wants to know: failures, and jobs that the provider does not show", async () => {
    const world = openWorld();
    const batch = new TestBatch(await linesFile([chatLine("a")]), optionsOf(world));
    await batch.start();
    const { get } = world.provider;
    let looks = 0;
    world.provider.get = async function* (ids, context) {
      looks += 1;
      if (looks === 1) throw new LangBatchError("provider_failed", "502", { retryable: true });
      if (looks > 2) yield* get(ids, context);
    };
    const told: string[] = [];
    await batch.wait({ onError: ({ code, message }) => told.push(`${code}: ${message}`) });
    expect(told).toEqual([
      "provider_failed: 502",
      expect.stringMatching(/^not_found: world does not show the job job-1 at the moment\./),
    ]);
  });
});

describe("the machine's own clock and chance", () => {
  it("take fractions of milliseconds, as performance.now gives them", async () => {
    expect(systemPorts.timeout(0.3).aborted).toBe(false);
    expect(systemPorts.timeout(-5).aborted).toBe(false);
    await systemPorts.sleep(0.3);
    expect(systemPorts.random()).toBeLessThan(1);
    expect(new Set(Array.from({ length: 1000 }, () => systemPorts.newId())).size).toBe(1000);
    expect(systemPorts.newId()).toMatch(/^[a-z0-9]{20}$/);
  });

  it("end a sleep with the reason of its signal", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const sleeping = systemPorts.sleep(1e12, stop.signal);
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it("keep a line that no storage took in the state directory, for this user alone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "langbatch-test-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    vi.stubEnv("LANGBATCH_HOME", join(folder, "home"));
    onTestFinished(() => void vi.unstubAllEnvs());
    await systemPorts.emergency("one");
    await systemPorts.emergency("two");
    const file = join(folder, "home/emergency.jsonl");
    expect(await readFile(file, "utf8")).toBe("one\ntwo\n");
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it("tell what must not pass unseen as a warning of the process", async () => {
    const warned = once(process, "warning");
    systemPorts.warn("A job was paid twice.");
    expect(await warned).toMatchObject([
      { name: "LangBatchWarning", message: "A job was paid twice." },
    ]);
  });
});
