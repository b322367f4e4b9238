import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JobRecord } from "../../src/batch/records.js";
import { evolve, type Outcome } from "../../src/engine/evolve.js";
import { nextStep } from "../../src/engine/next-step.js";
import type { Job } from "../../src/provider/provider.js";

const now = 1_000_000;
const life = "this";
const upload = { id: "file-1" };
const job: Job = { id: "job-1", status: "in_progress", rawStatus: "in_progress", createdAt: now };
const ended: Job = { ...job, status: "completed", rawStatus: "completed" };
const results = {
  number: 0,
  bytes: 1,
  sha256: "",
  counts: { succeeded: 1, failed: 0, expired: 0, cancelled: 0, missing: 0 },
};
const creating = {
  tries: 1,
  upload,
  state: "creating",
  life,
  since: now - 10,
  sendBy: now + 10,
  settleMs: 900_000,
} as const;
const unknown = { ...creating, state: "unknown" } as const;

describe("what follows from a record", () => {
  it.each<[string, JobRecord, string]>([
    ["a planned job is uploaded", { tries: 0, state: "planned" }, "upload"],
    ["an uploaded one is intended", { tries: 0, upload, state: "uploaded", life }, "intend"],
    [
      "but looked for first where another life uploaded it: the record may be an old copy",
      { tries: 0, upload, state: "uploaded", life: "other" },
      "search",
    ],
    ["a refused one waits", { tries: 1, upload, state: "uploaded", notBefore: now + 1 }, "wait"],
    [
      "and is intended then",
      { tries: 1, upload, state: "uploaded", notBefore: now, life },
      "intend",
    ],
    ["an intended create is sent", creating, "create"],
    ["but not after its deadline", { ...creating, sendBy: now }, "release"],
    ["nor by another life, which is left to it", { ...creating, life: "other" }, "wait"],
    ["but no longer than it may take", { ...creating, life: "other", sendBy: now }, "doubt"],
    [
      "nor by a clock that is far away",
      { ...creating, life: "other", since: now + 1, sendBy: now + 21 },
      "doubt",
    ],
    ["nor once it is to be cancelled", { ...creating, cancelRequested: true }, "release"],
    ["a doubtful job is looked for", unknown, "search"],
    [
      "by every life anew",
      { ...unknown, looking: [{ life: "other", since: 0, last: now }] },
      "search",
    ],
    ["not all the time", { ...unknown, looking: [{ life, since: now - 5, last: now }] }, "wait"],
    [
      "again after a while",
      { ...unknown, looking: [{ life, since: now - 40_000, last: now - 30_000 }] },
      "search",
    ],
    [
      "once more when it is settled, not before it is taken as absent",
      {
        ...unknown,
        since: now - 950_020,
        sendBy: now - 950_000,
        looking: [{ life, since: now - 950_000, last: now - 60_000 }],
      },
      "search",
    ],
    [
      "and is to be fenced off when a look after that showed nothing, which is recorded first",
      {
        ...unknown,
        since: now - 950_020,
        sendBy: now - 950_000,
        looking: [{ life, since: now - 950_000, last: now }],
      },
      "condemn",
    ],
    [
      "and then done",
      {
        ...unknown,
        condemned: true,
        since: now - 950_020,
        sendBy: now - 950_000,
        looking: [{ life, since: now - 950_000, last: now }],
      },
      "fence",
    ],
    [
      "a fenced one is looked for as long again",
      { ...unknown, fenced: true, looking: [{ life, since: now - 5, last: now }] },
      "wait",
    ],
    [
      "and only then created again",
      {
        ...unknown,
        fenced: true,
        since: now - 950_020,
        sendBy: now - 950_000,
        looking: [{ life, since: now - 950_000, last: now }],
      },
      "repeat",
    ],
    [
      "what looking cannot tell is looked for by every life",
      { ...unknown, state: "ambiguous", reason: "gap", candidates: [] },
      "search",
    ],
    [
      "and is for the user to decide between two looks",
      {
        ...unknown,
        state: "ambiguous",
        reason: "gap",
        candidates: [],
        looking: [{ life, since: 0, last: now }],
      },
      "decide",
    ],
    [
      "a refusal is told to the life that met it",
      { tries: 1, state: "rejected", life, refusal: { code: "rejected", message: "no" } },
      "refuse",
    ],
    [
      "and tried again by another",
      { tries: 1, state: "rejected", life: "other", refusal: { code: "rejected", message: "no" } },
      "rearm",
    ],
    ["a submitted job is watched", { tries: 1, state: "submitted", job }, "watch"],
    ["or cancelled", { tries: 1, state: "submitted", job, cancelRequested: true }, "cancel"],
    [
      "once",
      { tries: 1, state: "submitted", job, cancelRequested: true, cancelSent: true },
      "watch",
    ],
    [
      "an ended one is collected",
      { tries: 1, state: "terminal", job: ended, shortReads: 0 },
      "collect",
    ],
    [
      "later where its results were short",
      { tries: 1, state: "terminal", job: ended, shortReads: 1, notBefore: now + 5 },
      "wait",
    ],
    [
      "what is home may be cleaned up at the provider",
      { tries: 1, state: "collected", job: ended, results },
      "clean",
    ],
    [
      "but not where a result is missing",
      {
        tries: 1,
        state: "collected",
        job: ended,
        results: { ...results, counts: { ...results.counts, missing: 1 } },
      },
      "rest",
    ],
    [
      "what is to be cancelled is never sent",
      { tries: 0, state: "planned", cancelRequested: true },
      "rest",
    ],
    ["what has moved is left alone", { tries: 1, state: "moved" }, "leave"],
  ])("%s", (_sentence, record, step) => {
    expect(nextStep(record, life, now).do).toBe(step);
  });

  it("settles a window after its own first look, once a create could no longer be sent", () => {
    const looked = (last: number): JobRecord => ({
      ...unknown,
      // The writer's clock is a day ahead.
      since: now + 86_400_000,
      sendBy: now + 86_400_020,
      looking: [
        { life: "other", since: now - 900_000, last: now },
        { life, since: now, last },
      ],
    });
    const settled = now + 9000 + 20 + 900_000;
    expect(nextStep(looked(settled - 1), life, settled - 1)).toEqual({
      do: "wait",
      until: settled,
    });
    expect(nextStep(looked(settled - 1), life, settled)).toEqual({
      do: "search",
      notBefore: settled,
    });
    expect(nextStep(looked(settled), life, settled)).toEqual({ do: "condemn" });
  });

  it("begins with a list no older than a hundredth of the window, which several shards share", () => {
    expect(nextStep(unknown, life, now)).toEqual({ do: "search", notBefore: now - 9000 });
  });

  it("looks soon at first, then less and less often", () => {
    const times: number[] = [];
    for (let last = now; times.length < 6; ) {
      const step = nextStep({ ...unknown, looking: [{ life, since: now, last }] }, life, last);
      if (step.do !== "wait") break;
      last = step.until;
      times.push(step.until - now);
    }
    expect(times).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 909_020]);
  });

  it("does not wait for a time that another life's wrong clock has set", () => {
    const tomorrow: JobRecord = { tries: 1, state: "uploaded", notBefore: now + 86_400_000 };
    expect(nextStep(tomorrow, life, now).do).toBe("search");
    const short: JobRecord = { tries: 1, state: "terminal", job: ended, shortReads: 1 };
    expect(nextStep({ ...short, notBefore: now + 86_400_000 }, life, now).do).toBe("collect");
  });
});

describe("what an outcome makes of a record", () => {
  const after = (record: JobRecord, outcome: Outcome) => evolve(record, outcome, life, now);

  it("counts a try when a create is intended, and keeps the input", () => {
    const record = after(
      {
        tries: 0,
        upload,
        state: "uploaded",
        waiting: { code: "quota", message: "full" },
        notBefore: 5,
      },
      { came: "intended", sendBy: now + 10, settleMs: 7 },
    );
    expect(record).toEqual({
      tries: 1,
      upload,
      state: "creating",
      life,
      since: now,
      sendBy: now + 10,
      settleMs: 7,
    });
  });

  it("keeps what came instead of an answer", () => {
    expect(after(creating, { came: "unanswered", answer: "502" })).toMatchObject({
      state: "unknown",
      answer: "502",
    });
  });

  it("writes nothing for a job that goes on", () => {
    const record: JobRecord = { tries: 1, upload, state: "submitted", job };
    expect(after(record, { came: "seen", job })).toBe(record);
  });

  it("starts the settle window anew once the input is deleted", () => {
    const looked: JobRecord = { ...unknown, looking: [{ life, since: 1, last: now }] };
    const fenced = after(looked, { came: "fenced", isSafe: true });
    expect(fenced).toMatchObject({ state: "unknown", fenced: true });
    expect(fenced).not.toHaveProperty("looking");
    expect(after(looked, { came: "fenced", isSafe: false })).toMatchObject({ state: "planned" });
  });

  it("drops the old input when a create is given up, but knows it still", () => {
    expect(after(unknown, { came: "given-up" })).toEqual({
      tries: 1,
      lostCreates: 1,
      earlierInputs: ["file-1"],
      state: "planned",
    });
  });

  it("asks no more unasked after three lost creates in a row, until another life does", () => {
    const rejected = after(
      { ...unknown, tries: 5, lostCreates: 2, answer: "502" },
      { came: "given-up" },
    );
    expect(rejected).toMatchObject({
      state: "rejected",
      refusal: { code: "provider_failed", message: expect.stringContaining("502") },
    });
    expect(after(rejected, { came: "rearmed" })).not.toHaveProperty("lostCreates");
  });

  it("takes a doubt for one only once the window has passed", () => {
    const doubt = { came: "inconclusive", reason: "a gap", candidates: [job] } as const;
    const early = after(unknown, { ...doubt, at: now });
    expect(early).toMatchObject({ state: "unknown" });
    const settled = now + 9000 + 20 + 900_000;
    const late = after(
      { ...unknown, looking: [{ life, since: now, last: now }] },
      { ...doubt, at: settled },
    );
    expect(late).toMatchObject({ state: "ambiguous", reason: "a gap", candidates: [job] });
    const cleared = after(late, { came: "absent", at: settled + 1 });
    expect(cleared).toMatchObject({
      state: "unknown",
      looking: [{ since: now, last: settled + 1 }],
    });
    expect(cleared).not.toHaveProperty("reason");
  });

  it("does not take an old create for not made because today's list does not show it", () => {
    const weeks = 15 * 86_400_000;
    const old: JobRecord = { ...unknown, looking: [{ life, since: now, last: now }] };
    expect(after(old, { came: "absent", at: now + weeks })).toMatchObject({
      state: "ambiguous",
      reason: expect.stringContaining("15 days"),
    });
  });

  it("sends a late job that found no room again with a new input: its own is deleted", () => {
    const condemned: JobRecord = { ...unknown, condemned: true };
    const found = after(condemned, { came: "found", job: ended, others: [] });
    expect(found).toMatchObject({ state: "terminal", earlierInputs: ["file-1"] });
    expect(found).not.toHaveProperty("upload");
    const refusal = { code: "quota", message: "full" };
    const again = after(found, { came: "no-room", refusal, retryAt: now + 5 });
    expect(again).toMatchObject({ state: "planned", endedJobs: [ended.id] });
    const inTime = after(unknown, { came: "found", job: ended, others: [] });
    expect(after(inTime, { came: "no-room", refusal, retryAt: now + 5 })).toMatchObject({
      state: "uploaded",
      upload,
      notBefore: now + 5,
    });
  });

  it("takes no late answer about a job that others saw end for want of room for the next try's", () => {
    const nextTry: JobRecord = { ...creating, tries: 2, life: "other", endedJobs: [ended.id] };
    expect(after(nextTry, { came: "created", job: ended })).toBe(nextTry);
    const nextJob: JobRecord = { ...nextTry, state: "submitted", job: { ...job, id: "job-9" } };
    expect(after(nextJob, { came: "created", job: ended })).toBe(nextJob);
  });

  it("deletes an input that is not to lie there once every result is home, and knows it still", () => {
    const results = {
      ...{ number: 0, bytes: 9, sha256: "" },
      counts: { succeeded: 1, failed: 1, expired: 0, cancelled: 0, missing: 0 },
    };
    const home: JobRecord = { tries: 1, upload, state: "collected", job: ended, results };
    expect(nextStep(home, life, now)).toEqual({ do: "clean" });
    const temporary: JobRecord = { ...home, upload: { ...upload, isTemporary: true } };
    expect(nextStep(temporary, life, now)).toEqual({ do: "discard" });
    const counts = { ...results.counts, missing: 1 };
    const short: JobRecord = { ...temporary, results: { ...results, counts } };
    expect(nextStep(short, life, now)).toEqual({ do: "rest" });
    const discarded = after(temporary, { came: "discarded" });
    expect(discarded).toMatchObject({ state: "collected", results, earlierInputs: [upload.id] });
    expect(nextStep(discarded, life, now)).toEqual({ do: "clean" });
  });

  it("notes a job that was created although the record has another", () => {
    const other = { ...job, id: "job-2" };
    const record: JobRecord = { tries: 2, state: "submitted", job };
    expect(after(record, { came: "created", job: other })).toEqual({
      ...record,
      duplicates: ["job-2"],
    });
    expect(after(record, { came: "created", job })).toBe(record);
  });

  it("keeps fields that a newer version wrote", () => {
    const record = { tries: 1, state: "uploaded", newer: { a: 1 } } as JobRecord;
    const next = after(record, { came: "intended", sendBy: 1, settleMs: 1 });
    expect(after(next, { came: "created", job })).toMatchObject({
      newer: { a: 1 },
      state: "submitted",
    });
  });

  it("keeps a wish to cancel through every state before the end", () => {
    const wished = after(creating, { came: "cancel-requested" });
    expect(after(wished, { came: "created", job })).toMatchObject({
      cancelRequested: true,
      state: "submitted",
    });
  });
});

describe("the pure part of the engine", () => {
  it.each(["next-step.ts", "evolve.ts", "after-look.ts", "search.ts", "tag.ts"])(
    "%s reads no clock, file, network or die",
    (file) => {
      const source = readFileSync(new URL(`../../src/engine/${file}`, import.meta.url), "utf8");
      expect(source).not.toMatch(
        /Date\.now|new Date|setTimeout|setInterval|performance|Math\.random|fetch\(|from "node:|await |async /,
      );
    },
  );

  it("is not the only place that asks the ports: no other file of the engine reads a clock or a die", () => {
    const folder = new URL("../../src/engine/", import.meta.url);
    for (const file of readdirSync(folder)) {
      if (file === "ports.ts") continue;
      const source = readFileSync(new URL(file, folder), "utf8");
      expect(source, file).not.toMatch(
        /Date\.now|setTimeout|setInterval|performance\.|Math\.random/,
      );
    }
  });
});
