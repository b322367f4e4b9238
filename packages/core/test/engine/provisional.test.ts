import { describe, expect, it } from "vitest";
import type { JobRecord } from "../../src/batch/records.js";
import { evolve, type Outcome } from "../../src/engine/evolve.js";
import { nextStep } from "../../src/engine/next-step.js";
import type { Job } from "../../src/provider/provider.js";

const now = 10_000_000;
const life = "this";
const candidate: Job = { id: "job-1", status: "in_progress", rawStatus: "running", createdAt: now };
const ended: Job = { ...candidate, status: "completed", rawStatus: "ended" };
const sent = { life: "other", since: now - 2_000_000, sendBy: now - 1_980_000, settleMs: 900_000 };
const unknown: JobRecord = { tries: 1, state: "unknown", ...sent, answer: "reset" };
const provisional = { ...sent, answer: "reset" };
const taken: JobRecord = { tries: 1, state: "submitted", job: candidate, provisional };

/** A look that shows one job that may be the one. */
function looked(at: number, more: Partial<Extract<Outcome, { came: "inconclusive" }>> = {}) {
  const candidates = [candidate];
  return { came: "inconclusive", at, reason: "who knows", candidates, ...more } as const;
}

describe("the only job of its size", () => {
  const since = now - 940_000;
  const looking = [{ life, since, last: now - 30_000 }];

  it("is taken for the one that is looked for after the settle window, and not before", () => {
    const early = evolve(unknown, looked(now, { provisional: candidate }), life, now);
    expect(early).toMatchObject({ state: "unknown", looking: [{ life, since: now }] });
    const late = evolve(
      { ...unknown, looking },
      looked(now, { provisional: candidate }),
      life,
      now,
    );
    expect(late).toEqual(taken);
  });

  it("is taken, too, once the others of its size have ended", () => {
    const ambiguous: JobRecord = {
      ...{ tries: 1, ...sent, answer: "reset", looking },
      ...{ state: "ambiguous", reason: "two", candidates: [candidate, ended] },
    };
    expect(evolve(ambiguous, looked(now, { provisional: candidate }), life, now)).toEqual(taken);
  });

  it("is not taken where it is not the only one, or will not tell", () => {
    const late = evolve({ ...unknown, looking }, looked(now), life, now);
    expect(late).toMatchObject({ state: "ambiguous", candidates: [candidate] });
  });
});

describe("a job that was taken for its size alone", () => {
  it("is watched, and not stopped where the user wants that", () => {
    expect(nextStep(taken, life, now)).toEqual({ do: "watch" });
    expect(nextStep({ ...taken, cancelRequested: true }, life, now)).toEqual({ do: "watch" });
  });

  it("stays so when it ends, until its results are read", () => {
    const over = evolve(taken, { came: "seen", job: ended }, life, now);
    expect(over).toMatchObject({ state: "terminal", provisional });
    expect(nextStep(over, life, now)).toEqual({ do: "collect" });
  });

  it("is looked for again, by every life anew, where they are somebody else's", () => {
    const over = evolve(taken, { came: "seen", job: ended }, life, now);
    expect(evolve(over, { came: "stranger" }, life, now)).toEqual(unknown);
  });

  it("is certain once they are its own", () => {
    const over = evolve(taken, { came: "seen", job: ended }, life, now);
    const counts = { succeeded: 1, failed: 0, expired: 0, cancelled: 0, missing: 0 };
    const results = { number: 0, bytes: 1, sha256: "", counts };
    const home = evolve(over, { came: "collected", results }, life, now);
    expect(home).toEqual({ tries: 1, state: "collected", job: ended, results });
  });

  it("gives way to the job of a late answer, and is not its duplicate", () => {
    const created: Job = { ...candidate, id: "job-2" };
    const next = evolve(taken, { came: "created", job: created }, life, now);
    expect(next).toEqual({ tries: 1, state: "submitted", job: created });
  });

  it("is certain where a late answer names it", () => {
    const next = evolve(taken, { came: "created", job: candidate }, life, now);
    expect(next).toEqual({ tries: 1, state: "submitted", job: candidate });
  });

  it("is nobody's stranger where it is certain", () => {
    const certain: JobRecord = { tries: 1, state: "terminal", job: ended, shortReads: 0 };
    expect(evolve(certain, { came: "stranger" }, life, now)).toBe(certain);
  });
});
