import { describe, expect, it } from "vitest";
import type { JobRecord, OutcomeCounts } from "../../src/batch/records.js";
import { batchStatus, type FoldedShard, requestCounts } from "../../src/batch/status.js";
import type { Job, JobStatus } from "../../src/provider/provider.js";

const jobOf = (status: JobStatus, counts?: Job["counts"]): Job => ({
  id: "job",
  status,
  rawStatus: status,
  createdAt: 0,
  ...(counts && { counts }),
});

function shard(job: JobRecord, round = 0, seen?: Job): FoldedShard {
  return { round, requests: 10, job, seen };
}

const running = (status: JobStatus) => shard({ tries: 1, state: "submitted", job: jobOf(status) });
const ended = (status: JobStatus) =>
  shard({ tries: 1, state: "terminal", job: jobOf(status), shortReads: 0 });

function collected(status: JobStatus, counts: Partial<OutcomeCounts>, round = 0): FoldedShard {
  const all = { succeeded: 0, failed: 0, expired: 0, cancelled: 0, missing: 0, ...counts };
  const results = { number: 0, bytes: 1, sha256: "", counts: all };
  return shard({ tries: 1, state: "collected", job: jobOf(status), results }, round);
}

const started = { startedAt: 1 };
const cancelled = { startedAt: 1, cancelRequestedAt: 2 };
const home = collected("completed", { succeeded: 10 });

describe("the status of a batch", () => {
  it.each<[string, Parameters<typeof batchStatus>[0], readonly FoldedShard[], string]>([
    ["created before it is started", {}, [], "created"],
    [
      "validating while nothing is at the provider",
      started,
      [shard({ tries: 0, state: "planned" })],
      "validating",
    ],
    ["validating while all live jobs are", started, [running("validating"), home], "validating"],
    [
      "in progress when live jobs differ",
      started,
      [running("validating"), running("finalizing")],
      "in_progress",
    ],
    ["finalizing only if all live jobs are", started, [running("finalizing"), home], "finalizing"],
    ["cancelling once that was asked", cancelled, [running("in_progress"), home], "cancelling"],
    [
      "completed when every request was answered",
      started,
      [home, collected("completed", { failed: 10 })],
      "completed",
    ],
    ["completed though a job is not collected yet", started, [ended("completed")], "completed"],
    ["failed when every job failed", started, [ended("failed"), ended("failed")], "failed"],
    [
      "completed when one job failed as a whole and the others did not",
      started,
      [home, collected("failed", { failed: 10 })],
      "completed",
    ],
    [
      "expired when a request expired",
      started,
      [home, collected("expired", { succeeded: 3, expired: 7 })],
      "expired",
    ],
    [
      "expired by the job's own word until it is collected",
      started,
      [home, ended("expired")],
      "expired",
    ],
    [
      "completed although the job expired, when every request was answered",
      started,
      [collected("expired", { succeeded: 10 })],
      "completed",
    ],
    [
      "cancelled when that was asked and left requests open",
      cancelled,
      [collected("cancelled", { succeeded: 3, cancelled: 7 })],
      "cancelled",
    ],
    [
      "cancelled also where nothing had been sent",
      cancelled,
      [shard({ tries: 0, state: "planned", cancelRequested: true })],
      "cancelled",
    ],
    [
      "completed when all was answered before the cancel took effect",
      cancelled,
      [home],
      "completed",
    ],
    [
      "failed when requests are missing",
      started,
      [collected("completed", { succeeded: 9, missing: 1 })],
      "failed",
    ],
    [
      "that of the last round, which asked for all that was left",
      started,
      [
        collected("expired", { succeeded: 3, expired: 7 }),
        { ...collected("completed", { succeeded: 7 }, 1), requests: 7 },
      ],
      "completed",
    ],
  ])("is %s", (_sentence, batch, shards, status) => {
    expect(batchStatus(batch, shards)).toBe(status);
  });
});

describe("the counts of a batch", () => {
  it("come from the results where they are home, and from the provider where they are not", () => {
    const seen = jobOf("in_progress", { total: 10, completed: 4, failed: 1 });
    const live = shard({ tries: 1, state: "submitted", job: jobOf("validating") }, 0, seen);
    expect(requestCounts([collected("completed", { succeeded: 8, failed: 2 }), live])).toEqual({
      total: 20,
      succeeded: 12,
      unsuccessful: 3,
      pending: 5,
    });
  });

  it("take what failed in an earlier round as pending until the last one settles it", () => {
    const first = collected("completed", { succeeded: 6, failed: 4 });
    const again = { ...shard({ tries: 0, state: "planned" }, 1), requests: 4 };
    expect(requestCounts([first, again])).toEqual({
      total: 10,
      succeeded: 6,
      unsuccessful: 0,
      pending: 4,
    });
  });

  it("never say more than was asked, whatever the provider counts", () => {
    const seen = jobOf("in_progress", { total: 99, completed: 99, failed: 99 });
    expect(requestCounts([shard({ tries: 1, state: "submitted", job: seen }, 0, seen)])).toEqual({
      total: 10,
      succeeded: 10,
      unsuccessful: 0,
      pending: 0,
    });
  });
});
