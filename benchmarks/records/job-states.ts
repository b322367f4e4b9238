import type { Job, JsonObject } from "@langbatch/core";

/** What a job's record holds after each of the five steps that a job without trouble takes. */
export function jobStates(shard: number): readonly JsonObject[] {
  const now = 1_790_000_000_000 + shard * 1000;
  const life = "0a6f1c1e-52b3-4b52-9a53-7a0f9b1f6a11";
  const hex = shard.toString(16).padStart(24, "0");
  const account = "api.openai.com/org-AbCdEfGhIjKlMnOpQrStUvWx/proj_AbCdEfGhIjKlMnOpQrStUvWx";
  const upload = { id: `file-${hex}` };
  const job: Job = {
    id: `batch_${hex}${hex.slice(0, 8)}`,
    status: "in_progress",
    rawStatus: "in_progress",
    createdAt: now,
    account,
    tag: `lb-0123456789abcdef-0-${shard}-1`,
    inputId: upload.id,
    endpoint: "/v1/chat/completions",
    counts: { total: 50_000, completed: 0, failed: 0 },
    detail: {},
  };
  const ended = {
    ...job,
    ...{ status: "completed", rawStatus: "completed" },
    counts: { total: 50_000, completed: 49_990, failed: 10 },
    detail: { outputFileId: `file-${hex}-o`, errorFileId: `file-${hex}-e` },
  };
  const counts = { succeeded: 49_990, failed: 10, expired: 0, cancelled: 0, missing: 0 };
  const results = { number: 1, bytes: 45_000_000, sha256: hex.padStart(64, "0"), counts };
  const kept = { tries: 1, upload, account };
  const states: readonly object[] = [
    { tries: 0, upload, state: "uploaded", life },
    { ...kept, state: "creating", life, since: now, sendBy: now + 20_000, settleMs: 900_000 },
    { ...kept, state: "submitted", job },
    { ...kept, state: "terminal", job: ended, shortReads: 0 },
    { ...kept, state: "collected", job: ended, results },
  ];
  return states as readonly JsonObject[];
}
