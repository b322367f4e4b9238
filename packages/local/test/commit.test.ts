import { describe, expect, it } from "vitest";
import { openCommit } from "../src/commit.js";

/** A journal whose appends end when the test says so. */
function heldJournal() {
  const appends: { readonly text: string; end(): void; fail(error: Error): void }[] = [];
  return {
    appends,
    append(lines: Uint8Array): Promise<void> {
      return new Promise((resolve, reject) => {
        appends.push({ text: Buffer.from(lines).toString(), end: resolve, fail: reject });
      });
    },
  };
}

function openHeld() {
  const journal = heldJournal();
  const kept: number[] = [];
  const errors: unknown[] = [];
  const commit = openCommit<number>(journal, {
    kept: (items) => kept.push(...items),
    failed: (error) => errors.push(error),
  });
  return { ...journal, kept, errors, commit };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe("committing lines", () => {
  it("appends at once, and what comes meanwhile together", async () => {
    const { commit, appends, kept } = openHeld();
    commit.add("a", 1);
    commit.add("b", 2);
    commit.add("c", 3);
    expect(appends.map(({ text }) => text)).toEqual(["a\n"]);
    expect(commit.isIdle).toBe(false);
    appends[0]?.end();
    await settled();
    expect(kept).toEqual([1]);
    expect(appends.map(({ text }) => text)).toEqual(["a\n", "b\nc\n"]);
    appends[1]?.end();
    await settled();
    expect(kept).toEqual([1, 2, 3]);
    expect(commit.isIdle).toBe(true);
    commit.add("d", 4);
    expect(appends).toHaveLength(3);
  });

  it("does not put more into one append than it may hold", async () => {
    const { commit, appends } = openHeld();
    const long = "x".repeat(5_000_000);
    for (const at of [1, 2, 3, 4]) commit.add(long, at);
    for (let at = 0; at < 3; at += 1) {
      appends[at]?.end();
      await settled();
    }
    expect(appends.map(({ text }) => text.length)).toEqual([5_000_001, 10_000_002, 5_000_001]);
  });

  it("says that an append failed, and appends no more", async () => {
    const { commit, appends, kept, errors } = openHeld();
    commit.add("a", 1);
    commit.add("b", 2);
    appends[0]?.fail(new Error("Full."));
    await settled();
    commit.add("c", 3);
    expect(errors).toEqual([new Error("Full.")]);
    expect(kept).toEqual([]);
    expect(appends).toHaveLength(1);
    expect(await commit.close()).toEqual([1, 2, 3]);
  });

  it("waits for the append on its way when it is closed, and begins none", async () => {
    const { commit, appends, kept } = openHeld();
    commit.add("a", 1);
    commit.add("b", 2);
    const closed = commit.close();
    appends[0]?.end();
    expect(await closed).toEqual([2]);
    expect(kept).toEqual([1]);
    expect(appends).toHaveLength(1);
  });
});
