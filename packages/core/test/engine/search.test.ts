import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { openListings } from "../../src/engine/listing.js";
import { search } from "../../src/engine/search.js";
import type { BatchProvider, Job } from "../../src/provider/provider.js";
import { openWorld } from "../support/world.js";

const now = Date.UTC(2026, 0, 1);
const context = { endpoint: "/v1/chat/completions" };
const current = { tag: "lb-nonce-0-1-2", inputId: "file-7" };
const sought = {
  shardTag: "lb-nonce-0-1",
  inputIds: ["file-6", "file-7"],
  requests: 3,
  current,
};

function job(id: string, fields: Partial<Job>): Job {
  return { id, status: "in_progress", rawStatus: "in_progress", createdAt: now, ...fields };
}

function found(...jobs: readonly Job[]): readonly string[] {
  return search(jobs, sought).found.map(({ id }) => id);
}

describe("looking for a lost job", () => {
  it("knows it by the tag of any try, or by any input it was made from", () => {
    expect(found(job("a", { tag: "lb-nonce-0-1-3" }))).toEqual(["a"]);
    expect(found(job("b", { inputId: "file-6" }))).toEqual(["b"]);
  });

  it("takes no other shard's job, nor a stranger's", () => {
    const strangers = [
      job("a", { tag: "lb-nonce-0-10-1" }),
      job("b", { tag: "lb-nonce-0-1" }),
      job("c", { tag: "lb-other-0-1-1", inputId: "file-8" }),
    ];
    expect(search(strangers, sought)).toEqual({ found: [], candidates: [] });
  });

  it("puts the one that got furthest first, then the oldest, in whatever order they come", () => {
    const tag = "lb-nonce-0-1-2";
    const jobs = [
      job("failed", { tag, status: "failed", createdAt: now - 9 }),
      job("young", { tag, status: "completed", createdAt: now + 5 }),
      job("old", { tag, status: "completed", createdAt: now - 5 }),
      job("running", { tag, createdAt: now - 8 }),
    ];
    const order = ["old", "young", "running", "failed"];
    expect(found(...jobs)).toEqual(order);
    expect(found(...jobs.toReversed())).toEqual(order);
  });

  it("takes a job that failed only if it is of the last create: the inputs of others are deleted", () => {
    const failed = job("a", { tag: "lb-nonce-0-1-1", status: "failed" });
    expect(found(failed)).toEqual([]);
    const last = job("b", { tag: current.tag, status: "failed" });
    expect(found(last)).toEqual(["b"]);
    const { current: _deleted, ...fenced } = sought;
    expect(search([last], fenced).found).toEqual([]);
  });

  it("holds it possible that a job is the one if it shows neither tag nor input", () => {
    const jobs = [
      job("a", {}),
      job("b", { requests: 3 }),
      job("c", { requests: 4 }),
      job("d", { inputId: "file-8" }),
    ];
    expect(search(jobs, sought).candidates.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("the list of jobs", () => {
  function listing(list: BatchProvider["list"]) {
    let time = now;
    const provider: BatchProvider = { ...openWorld().provider, list };
    const listings = openListings(provider, "nonce", () => time);
    return {
      read: (notBefore: number, since = now) => listings.read({ since, notBefore }, context),
      advance(ms: number) {
        time += ms;
      },
    };
  }

  it("allows for two clocks that are wrong by a day, and keeps no stranger's job", async () => {
    let asked: { readonly since: number; readonly tag?: string } = { since: 0 };
    const { read } = listing(async function* (query) {
      asked = query;
      yield job("a", { tag: "lb-nonce-0-1-1" });
      yield job("b", { tag: "lb-other-0-1-1" });
      yield job("c", {});
    });
    const { jobs } = await read(now);
    expect(jobs.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(asked).toEqual({ since: now - 2 * 86_400_000, tag: "lb-nonce-" });
  });

  it("is read once for all who ask at the same time, and anew for who needs a newer one", async () => {
    let reads = 0;
    const { read, advance } = listing(async function* () {
      reads += 1;
      yield* [];
    });
    await read(now);
    await read(now);
    expect(reads).toBe(1);
    advance(1000);
    expect((await read(now)).at).toBe(now);
    expect((await read(now + 1)).at).toBe(now + 1000);
    await read(now, now - 5);
    expect(reads).toBe(3);
  });

  it("is as old as its beginning: what came to be while it was read may be missing", async () => {
    const listings = listing(async function* () {
      listings.advance(60_000);
      yield* [];
    });
    expect((await listings.read(now)).at).toBe(now);
  });

  it("says why it may leave jobs out, and keeps those it has shown", async () => {
    const { read } = listing(async function* () {
      yield job("a", { tag: "lb-nonce-0-1-1" });
      throw new LangBatchError("incomplete_listing", "Page 2 is none.");
    });
    expect(await read(now)).toMatchObject({ gap: "Page 2 is none.", jobs: [{ id: "a" }] });
  });

  it("says nothing where it fails half-way", async () => {
    const { read } = listing(async function* () {
      yield job("a", {});
      throw new Error("page 2 failed");
    });
    await expect(read(now)).rejects.toThrow("page 2 failed");
  });
});
