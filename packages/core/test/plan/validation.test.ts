import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { LangBatchError, type RequestProblem } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { folder, inputFile, keysOf } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

/** The error that storing this input ends with; the storage must be as it was. */
async function refusal(
  content: string | Uint8Array,
  world: World = openWorld(),
): Promise<LangBatchError> {
  const batch = new TestBatch(await inputFile(content), optionsOf(world));
  const error: unknown = await batch.start().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!LangBatchError.is(error)) throw new Error(`It was taken, or failed with ${String(error)}.`);
  expect(world.uploads.size + world.jobs.length, "nothing was sent").toBe(0);
  expect(await keysOf(world.storage), "nothing stays behind").toEqual([]);
  return error;
}

async function problems(content: string | Uint8Array): Promise<readonly RequestProblem[]> {
  const error = await refusal(content);
  expect(error.code).toBe("invalid_request");
  return error.problems ?? [];
}

const line = (fields: object) => JSON.stringify({ ...chatLine("a"), ...fields });
const bodyLine = (body: unknown) => JSON.stringify({ ...chatLine("a"), body });
const messages = [{ role: "user", content: "x" }];

describe("a line that cannot be sent", () => {
  it.each([
    ["{not json", "invalid_json_line"],
    ['"a text"', "invalid_json_line"],
    ["[1]", "invalid_json_line"],
    ["null", "invalid_json_line"],
    [line({ custom_id: undefined }), "missing_custom_id"],
    [line({ custom_id: "" }), "invalid_custom_id"],
    [line({ custom_id: 7 }), "invalid_custom_id"],
    [line({ custom_id: "x".repeat(513) }), "invalid_custom_id"],
    [line({ custom_id: "half \ud83d" }), "invalid_custom_id"],
    [`{"custom_id":"b",${line({}).slice(1)}`, "invalid_custom_id"],
    [line({ method: "GET" }), "invalid_method"],
    [line({ method: undefined }), "invalid_method"],
    [line({ url: "/v1/embeddings" }), "url_mismatch"],
    [line({ url: undefined }), "url_mismatch"],
    [line({ body: undefined }), "missing_body"],
    [bodyLine("text"), "missing_body"],
    [bodyLine({ messages }), "missing_model"],
    [bodyLine({ model: "", messages }), "missing_model"],
    [bodyLine({ model: "m" }), "missing_messages"],
    [bodyLine({ model: "m", messages: [] }), "missing_messages"],
    [bodyLine({ model: "m", messages: "text" }), "invalid_messages"],
    [bodyLine({ model: "m", messages: ["text"] }), "invalid_message"],
    [bodyLine({ model: "m", messages: [null] }), "invalid_message"],
    [bodyLine({ model: "m", messages: [{ content: "x" }] }), "invalid_message"],
    [bodyLine({ model: "m", messages: [{ role: "bogus", content: "x" }] }), "invalid_message"],
  ])("%s is %s, with its number and what to do", async (text, code) => {
    const found = await problems(`\n${text}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ line: 2, code });
    expect(found[0]?.message).toMatch(/^Line 2: .+\.$/);
  });

  it("of invalid UTF-8 is named, not repaired", async () => {
    const bytes = Buffer.from(`${line({})}\n`);
    bytes[bytes.indexOf("question")] = 0xff;
    expect(await problems(bytes)).toMatchObject([{ line: 1, code: "invalid_utf8" }]);
  });

  it("with several problems counts once", async () => {
    const text = JSON.stringify({ custom_id: "a", method: "GET", url: "/x", body: {} });
    const error = await refusal(`${text}\n${text.replace('"a"', '"b"')}\n`);
    expect(error.total).toBe(2);
  });

  it("does not hide the others: the first hundred are listed, all are counted", async () => {
    const error = await refusal(`${JSON.stringify(chatLine("good"))}\n${"{bad\n".repeat(250)}`);
    expect(error.total).toBe(250);
    expect(error.problems).toHaveLength(100);
    expect(error.problems?.[99]).toMatchObject({ line: 101 });
    expect(error.message).toContain("250 lines cannot be sent");
    expect(error.line).toBe(2);
  });

  it("is over the provider's byte limit", async () => {
    const world = openWorld();
    world.traits.maxLineBytes = 300;
    const error = await refusal(
      `${line({})}\n${bodyLine({ model: "m", messages, pad: "x".repeat(400) })}\n`,
      world,
    );
    expect(error.problems).toMatchObject([{ line: 2, code: "line_too_large" }]);
    expect(error.message).toContain("at most 300");
  });

  it("has an id that the provider does not take", async () => {
    const world = openWorld();
    world.traits.wireId = /^[a-z]+$/;
    const error = await refusal(`${line({})}\n${line({ custom_id: "A 1" })}\n`, world);
    expect(error.problems).toMatchObject([{ line: 2, customId: "A 1", code: "invalid_custom_id" }]);
  });

  it("has another model than the first, where a job takes one", async () => {
    const other = JSON.stringify({ ...chatLine("b"), body: { model: "other", messages } });
    expect(await problems(`${line({})}\n${other}\n`)).toMatchObject([
      { line: 2, customId: "b", code: "model_mismatch" },
    ]);
  });
});

describe("repeated ids", () => {
  it("are named with both lines", async () => {
    const found = await problems(
      [chatLine("a"), chatLine("b"), chatLine("a")]
        .map((value) => `${JSON.stringify(value)}\n`)
        .join(""),
    );
    expect(found).toMatchObject([{ line: 3, customId: "a", code: "duplicate_custom_id" }]);
    expect(found[0]?.message).toContain("line 1");
  });

  it("are found among other problems too", async () => {
    const found = await problems(`${line({})}\n{bad\n${line({})}\n`);
    expect(found.map(({ line, code }) => [line, code])).toEqual([
      [2, "invalid_json_line"],
      [3, "duplicate_custom_id"],
    ]);
  });

  it("are no repetition where they differ in Unicode form or case alone", async () => {
    const world = openWorld();
    const ids = ["\u00e9", "e\u0301", "A", "a"];
    const text = ids.map((id) => `${JSON.stringify(chatLine(id))}\n`).join("");
    const batch = new TestBatch(await inputFile(text), optionsOf(world));
    await batch.start();
    expect(world.jobs[0]?.lines).toHaveLength(4);
  });

  it("are counted where there are very many", async () => {
    const error = await refusal(`${line({})}\n`.repeat(500));
    expect(error.total).toBe(499);
    expect(error.problems).toHaveLength(100);
  });
});

describe("an input without requests", () => {
  it.each(["", "\n\n", "\uFEFF", "  \r\n\t\n"])("%j is refused", async (content) => {
    expect(await problems(content)).toMatchObject([{ code: "empty_file" }]);
  });

  it("has fewer than the provider's minimum", async () => {
    const world = openWorld();
    world.traits.minRequests = 3;
    expect(await refusal(`${line({})}\n`, world)).toMatchObject({
      code: "invalid_request",
      problems: [{ code: "too_few_requests" }],
    });
  });
});

describe("a file that cannot be read", () => {
  it("is missing, a directory, compressed or UTF-16", async () => {
    const place = await folder();
    await mkdir(join(place, "directory.jsonl"));
    await writeFile(join(place, "packed.jsonl"), gzipSync(`${line({})}\n`));
    await writeFile(join(place, "wide.jsonl"), Buffer.from(`\uFEFF${line({})}`, "utf16le"));
    const messages: string[] = [];
    for (const name of ["missing.jsonl", "directory.jsonl", "packed.jsonl", "wide.jsonl"]) {
      const batch = new TestBatch(join(place, name), optionsOf(openWorld()));
      const error: unknown = await batch.start().catch((error: unknown) => error);
      expect(LangBatchError.is(error, "input_unreadable")).toBe(true);
      messages.push(error instanceof Error ? error.message : "");
    }
    expect(messages[0]).toContain("no such file");
    expect(messages[1]).toContain("is a directory");
    expect(messages[2]).toContain("gzip");
    expect(messages[3]).toContain("UTF-16");
  });

  it("is no path at all", () => {
    for (const wrong of ["", 7, undefined, new URL("https://example.org/a.jsonl")]) {
      expect(() => new TestBatch(wrong as string, optionsOf(openWorld()))).toThrow(
        expect.objectContaining({ code: "invalid_option" }),
      );
    }
  });
});

describe("what looks strange and may be sent", () => {
  async function sent(content: string): Promise<readonly string[]> {
    const world = openWorld();
    world.traits.maxBytes = 50_000_000;
    await new TestBatch(await inputFile(content), optionsOf(world)).start();
    return world.jobs.flatMap(({ lines }) => lines);
  }

  it("arrives byte for byte: U+2028, big numbers, unknown fields, spaces", async () => {
    const text = `{ "custom_id" : "a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","seed":12345678901234567890,"new":{"x":[]},"messages":[{"role":"user","content":"a\u2028b"}]} }`;
    expect(await sent(`\uFEFF${text}\r\n\r\n`)).toEqual([text]);
  });

  it("has a short url, and is sent with the full one", async () => {
    const short = line({ url: "/chat/completions" });
    const escaped = line({ custom_id: "b" }).replace(
      '"/v1/chat/completions"',
      '"\\/chat\\/completions"',
    );
    expect(await sent(`${short}\n${escaped}\n`)).toEqual([line({}), line({ custom_id: "b" })]);
  });

  it("has __proto__ keys, which change nothing", async () => {
    const text = `{"__proto__":{"polluted":1},"custom_id":"__proto__","method":"POST","url":"/v1/chat/completions","body":{"__proto__":{"polluted":1},"model":"m","messages":[{"role":"user","content":"x"}]}}`;
    expect(await sent(`${text}\n`)).toEqual([text]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("is nested 100,000 deep, or 5 MB long", async () => {
    const deep = `{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"x"}],"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`;
    const long = bodyLine({
      model: "m",
      messages: [{ role: "user", content: "y".repeat(5_000_000) }],
    }).replace('"a"', '"b"');
    expect(await sent(`${deep}\n${long}\n`)).toEqual([deep, long]);
  });
});
