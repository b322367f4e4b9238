import { describe, expect, it } from "vitest";
import type { OpenAIBatch, OpenAIBatchError } from "../src/openai-api.js";
import { toJob, toStatus } from "../src/openai-convert.js";

const batch: OpenAIBatch = { id: "batch_1", status: "in_progress", created_at: 1_767_225_600 };

function jobOf(changes: Partial<OpenAIBatch>) {
  return toJob({ ...batch, ...changes }, "api.openai.com");
}

function failureOf(...data: OpenAIBatchError[]) {
  return jobOf({ status: "failed", errors: { data } }).failure;
}

describe("a status", () => {
  it.each([
    "validating",
    "in_progress",
    "finalizing",
    "completed",
    "failed",
    "expired",
    "cancelling",
    "cancelled",
  ])("is %s where OpenAI says so", (word) => {
    expect(toStatus(word)).toBe(word);
  });

  it.each([
    ["VALIDATING", "validating"],
    ["PROGRESS", "in_progress"],
    ["COMPLETED", "completed"],
    ["CANCELED", "cancelled"],
    ["canceled", "cancelled"],
    ["canceling", "cancelling"],
    ["Expired", "expired"],
  ])("is read from %s, as other services write it", (word, status) => {
    expect(toStatus(word)).toBe(status);
  });

  it.each(["queued", "paused", "done", "", "error"])("that is not known, %j, is no end", (word) => {
    expect(toStatus(word)).toBe("in_progress");
  });

  it.each([[null], [undefined], [7]])("that is %j is no end, nor any trouble", (status) => {
    const job = jobOf({ status } as Partial<OpenAIBatch>);
    expect(job.status).toBe("in_progress");
    expect(job.rawStatus).toBeTypeOf("string");
  });

  it("is kept in the provider's own word beside ours", () => {
    expect(jobOf({ status: "CANCELED" })).toMatchObject({
      status: "cancelled",
      rawStatus: "CANCELED",
    });
  });
});

describe("a job", () => {
  it("is made of what the service says, and of nothing that it does not", () => {
    expect(toJob(batch, "api.openai.com/org-1")).toStrictEqual({
      id: "batch_1",
      status: "in_progress",
      rawStatus: "in_progress",
      createdAt: 1_767_225_600_000,
      account: "api.openai.com/org-1",
      detail: {},
    });
  });

  it.each([
    ["seconds", 1_767_225_600, 1_767_225_600_000],
    ["an ISO date", "2026-01-01T00:00:00Z", 1_767_225_600_000],
    ["an ISO date of another zone", "2026-01-01T01:00:00+01:00", 1_767_225_600_000],
    ["null", null, 0],
    ["a text that is no date", "yesterday", 0],
  ])("has its time of creation from %s", (_, created_at, createdAt) => {
    expect(jobOf({ created_at }).createdAt).toBe(createdAt);
  });

  it("has no time of creation where the service gives none", () => {
    expect(toJob({ id: "batch_1", status: "completed" }, "host").createdAt).toBe(0);
  });

  it("has its tag from the metadata", () => {
    const metadata = { team: "search", langbatch: "lb-x-0-0-1" };
    expect(jobOf({ metadata }).tag).toBe("lb-x-0-0-1");
  });

  it.each([
    ["no metadata", null],
    ["metadata of somebody else", { team: "search" }],
    ["a tag that is no text", { langbatch: 7 }],
  ])("has no tag with %s", (_, metadata) => {
    expect(jobOf({ metadata })).not.toHaveProperty("tag");
  });

  it("names its input", () => {
    expect(jobOf({ input_file_id: "file-1" }).inputId).toBe("file-1");
  });

  it.each([[null], [""], [undefined]])("has no input named %j", (input_file_id) => {
    expect(jobOf({ input_file_id } as Partial<OpenAIBatch>)).not.toHaveProperty("inputId");
  });

  it("is made from a blob, and brings blobs, where it goes through the user's own storage", () => {
    const address = "https://a.blob.core.windows.net";
    const job = jobOf({
      input_file_id: null,
      input_blob: `${address}/in/x.jsonl`,
      output_file_id: "",
      output_blob: `${address}/out/1/results.jsonl`,
      error_blob: "",
    });
    expect(job).toMatchObject({
      inputId: `${address}/in/x.jsonl`,
      detail: { outputFileId: `${address}/out/1/results.jsonl` },
    });
  });

  it.each([
    ["/chat/completions", "/v1/chat/completions"],
    ["embeddings", "/v1/embeddings"],
    ["/v4/chat/completions", "/v4/chat/completions"],
  ])("asks %s where the service shows it so", (endpoint, full) => {
    expect(jobOf({ endpoint })).toMatchObject({ endpoint: full });
  });

  it("says what it asks", () => {
    expect(jobOf({ endpoint: "/v1/embeddings" }).endpoint).toBe("/v1/embeddings");
  });

  it.each([[null], [""], [undefined]])("asks nothing that is known with %j", (endpoint) => {
    expect(jobOf({ endpoint } as Partial<OpenAIBatch>)).not.toHaveProperty("endpoint");
  });

  it.each([
    ["both files", "file-o", "file-e", { outputFileId: "file-o", errorFileId: "file-e" }],
    ["only an output file", "file-o", null, { outputFileId: "file-o" }],
    ["only an error file", null, "file-e", { errorFileId: "file-e" }],
    ["empty file ids", "", "", {}],
    ["no files", null, null, {}],
  ])("remembers %s", (_, output_file_id, error_file_id, detail) => {
    expect(jobOf({ output_file_id, error_file_id }).detail).toStrictEqual(detail);
  });

  it.each([
    [
      { total: 3, completed: 1, failed: 2 },
      { total: 3, completed: 1, failed: 2 },
    ],
    [
      { total: 3, completed: null, failed: null },
      { total: 3, completed: 0, failed: 0 },
    ],
    [{ total: 3 }, { total: 3, completed: 0, failed: 0 }],
  ])("counts %j", (request_counts, counts) => {
    expect(jobOf({ request_counts }).counts).toStrictEqual(counts);
  });

  it.each([[null], [{}], [{ total: null, completed: 1 }]])(
    "counts nothing where the service says %j",
    (request_counts) => {
      expect(jobOf({ request_counts })).not.toHaveProperty("counts");
    },
  );
});

describe("a failure", () => {
  it.each([
    ["token_limit_exceeded", "quota"],
    ["billing_hard_limit_reached", "account"],
    ["insufficient_quota", "account"],
    ["server_error", "provider"],
    ["internal_error", "provider"],
    ["invalid_json_line", "input"],
    ["mismatched_model", "input"],
    ["a_code_of_next_year", "input"],
  ])("with the code %s is about the %s", (code, kind) => {
    expect(failureOf({ code, message: "No." })).toStrictEqual({ kind, code, message: "No." });
  });

  it("names the line, and how many more there are", () => {
    const failure = failureOf(
      { code: "invalid_json_line", message: "This line is no JSON.", line: 7 },
      { code: "invalid_json_line", message: "This line is no JSON.", line: 9 },
      { code: "invalid_url", message: "Wrong endpoint.", line: 12 },
    );
    expect(failure?.message).toBe("Line 7: This line is no JSON. (and 2 more)");
  });

  it.each([
    ["a bare list", { errors: [{ code: "c", message: "Why." }] }, "c"],
    ["a list of texts", { errors: ["Why."] }, "unknown_error"],
    ["one error without a list", { errors: { code: "c", message: "Why." } }, "c"],
    ["an error with a number", { errors: [{ code: 400, message: "Why." }] }, "400"],
    ["a text", { errors: "Why." }, "unknown_error"],
    ["an object beside an empty list", { errors: [], error: { message: "Why." } }, "unknown_error"],
    ["a text beside the list", { errors: null, error: "Why." }, "unknown_error"],
  ])("is read from %s, too", (_shape, said, code) => {
    expect(jobOf({ status: "failed", ...said }).failure).toEqual({
      kind: "input",
      code,
      message: "Why.",
    });
  });

  it.each([
    { errors: "" },
    { errors: [] },
    { errors: {} },
    { errors: { object: "list" } },
    { errors: [null, ""] },
    { errors: { data: null } },
    { error: "" },
  ])("is none where the service says nothing: %j", (said) => {
    expect(jobOf(said)).not.toHaveProperty("failure");
  });

  it("says so where the service gives no reason", () => {
    expect(failureOf({ code: null, message: "", line: null })).toStrictEqual({
      kind: "input",
      code: "unknown_error",
      message: "The provider gave no reason.",
    });
  });

  it.each([[null], [{}], [{ data: null }], [{ data: [] }]])(
    "is not there where the service lists %j",
    (errors) => {
      expect(jobOf({ errors })).not.toHaveProperty("failure");
    },
  );
});
