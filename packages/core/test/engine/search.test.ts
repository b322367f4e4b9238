import { describe, expect, it } from "vitest";
import { search } from "../../src/engine/search.js";
import type { BatchProvider, Job } from "../../src/provider/provider.js";
import { openWorld } from "../support/world.js";

const now = Date.UTC(2026, 0, 1);
const context = { endpoint: "/v1/chat/completions" };
const sought = { shardTag: "lb-nonce-0-1", inputId: "file-7", since: now };

function job(id: string, fields: Partial<Job>): Job {
  return { id, status: "in_progress", rawStatus: "in_progress", createdAt: now, ...fields };
}

function listing(...jobs: readonly Job[]): BatchProvider {
  return {
    ...openWorld().provider,
    async *list() {
      yield* jobs;
    },
  };
}

async function found(...jobs: readonly Job[]): Promise<string | undefined> {
  return (await search(listing(...jobs), sought, context))?.id;
}

describe("looking for a lost job", () => {
  it("knows it by the tag of any try, or by the input it was made from", async () => {
    expect(await found(job("a", { tag: "lb-nonce-0-1-3" }))).toBe("a");
    expect(await found(job("b", { inputId: "file-7" }))).toBe("b");
  });

  it("takes no other shard's job, nor a stranger's", async () => {
    expect(
      await found(
        job("a", { tag: "lb-nonce-0-10-1" }),
        job("b", { tag: "lb-nonce-0-1" }),
        job("c", { tag: "lb-other-0-1-1", inputId: "file-8" }),
        job("d", {}),
      ),
    ).toBeUndefined();
  });

  it("takes of several the one that got furthest, then the oldest, in whatever order they come", async () => {
    const tag = "lb-nonce-0-1-1";
    const jobs = [
      job("failed", { tag, status: "failed", createdAt: now - 9 }),
      job("young", { tag, status: "completed", createdAt: now + 5 }),
      job("old", { tag, status: "completed", createdAt: now - 5 }),
      job("running", { tag, createdAt: now - 8 }),
    ];
    expect(await found(...jobs)).toBe("old");
    expect(await found(...jobs.toReversed())).toBe("old");
  });

  it("allows for clocks that lie a day apart", async () => {
    let since = 0;
    const provider: BatchProvider = {
      ...openWorld().provider,
      async *list(query) {
        since = query.since;
        yield* [];
      },
    };
    await search(provider, sought, context);
    expect(now - since).toBe(86_400_000);
  });

  it("finds nothing out where the list fails half-way", async () => {
    const provider: BatchProvider = {
      ...openWorld().provider,
      async *list() {
        yield job("a", {});
        throw new Error("page 2 failed");
      },
    };
    await expect(search(provider, sought, context)).rejects.toThrow("page 2 failed");
  });
});
