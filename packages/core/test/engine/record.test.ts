import { memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { openCompany } from "../../src/engine/company.js";
import type { Outcome } from "../../src/engine/evolve.js";
import { readJob, record } from "../../src/engine/record.js";
import { openWorld } from "../support/world.js";

const shard = { round: 0, shard: 0 };

describe("what two processes say of one job", () => {
  it("is not taken for news of the next try's where it follows from the results of the first", async () => {
    const storage = memoryStorage();
    const { ports } = openWorld();
    const lifeOf = (life: string) => {
      return { id: "batch", storage, ports, life, now: () => 0, company: openCompany(() => 0) };
    };
    const fast = lifeOf("fast");
    const slow = lifeOf("slow");
    const failure = { kind: "quota", code: "token_limit_exceeded", message: "full" } as const;
    const jobOf = (id: string) =>
      ({ id, status: "failed", rawStatus: "failed", createdAt: 0, failure }) as const;
    const refusal = { code: "quota", message: "full" };
    const noRoom: Outcome = { came: "no-room", refusal, retryAt: 0 };

    let stored = await readJob(fast, shard);
    stored = await record(fast, shard, stored, { came: "created", job: jobOf("job-1") });
    const before = stored;
    stored = await record(fast, shard, stored, noRoom);
    stored = await record(fast, shard, stored, { came: "intended", sendBy: 1, settleMs: 1 });
    stored = await record(fast, shard, stored, { came: "created", job: jobOf("job-2") });

    expect(await record(slow, shard, before, noRoom)).toEqual(stored);
    expect(stored.value).toMatchObject({ state: "terminal", endedJobs: ["job-1"] });
  });
});
