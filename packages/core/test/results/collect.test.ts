import { access } from "node:fs/promises";
import { chatCompletions, type ResultLine } from "@langbatch/core";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { orderResults, spoolResults, strayLines } from "../../src/results/collect.js";
import { resultReader } from "../../src/results/read-result.js";
import { temporaryFile } from "../../src/temporary-file.js";
import { chatLine, resultLine } from "../support/world.js";

const isResponse = (body: object) => chatCompletions.isResponse(body);
const missing = { code: "missing", message: "It is missing." };

async function* chunksOf(text: string, size = 61): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString().split("\n").filter(Boolean);
}

async function collect(ids: readonly string[], resultText: string) {
  const file = await temporaryFile();
  try {
    const index = await spoolResults(
      chunksOf(resultText),
      file,
      isResponse,
      resultReader(undefined),
    );
    const input = ids.map((id) => `${JSON.stringify(chatLine(id))}\n`).join("");
    const ordered = orderResults(chunksOf(input), index, { isResponse, unanswered: missing });
    const lines = await linesOf(ordered.bytes);
    const strays = await linesOf(strayLines(index));
    const { counts, unanswered } = ordered;
    return {
      lines,
      strays,
      counts,
      unanswered,
      results: lines.map((line) => JSON.parse(line) as ResultLine),
    };
  } finally {
    await file.remove();
  }
}

const text = (...values: readonly (object | string)[]) =>
  values.map((value) => `${typeof value === "string" ? value : JSON.stringify(value)}\n`).join("");

describe("collecting a job", () => {
  it("gives every request exactly one result in input order, whatever came in which order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.string({ maxLength: 8 }).filter((id) => id !== ""),
          { minLength: 1, maxLength: 30 },
        ),
        fc.infiniteStream(fc.constantFrom("succeed", "fail", "drop", "twice", "fail then succeed")),
        fc.array(
          fc.constantFrom(
            "{broken",
            "null",
            '{"custom_id":7}',
            text(resultLine("a stranger that is long")).trim(),
          ),
        ),
        fc.nat(),
        async (ids, ends, strays, seed) => {
          const end = new Map(ids.map((id) => [id, ends.next().value as string]));
          const lines = ids.flatMap((id) => {
            switch (end.get(id)) {
              case "succeed":
                return [resultLine(id)];
              case "fail":
                return [resultLine(id, false)];
              case "twice":
                return [resultLine(id), resultLine(id)];
              case "fail then succeed":
                return [resultLine(id, false), resultLine(id)];
              default:
                return [];
            }
          });
          const mixed = shuffle([...lines, ...strays], seed);
          const { results, counts, unanswered, strays: left } = await collect(ids, text(...mixed));

          expect(results.map(({ custom_id }) => custom_id)).toEqual(ids);
          for (const { custom_id, error } of results) {
            const how = end.get(custom_id);
            expect(error === null).toBe(how !== "fail" && how !== "drop");
            if (how === "drop") expect(error).toEqual(missing);
          }
          const dropped = ids.filter((id) => end.get(id) === "drop").length;
          expect(unanswered).toBe(dropped);
          expect(counts.missing).toBe(dropped);
          expect(counts.failed).toBe(ids.filter((id) => end.get(id) === "fail").length);
          expect(counts.succeeded).toBe(ids.length - counts.failed - dropped);
          // What is no result of a request is kept beside them.
          expect(left.length + ids.length - dropped).toBe(mixed.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps a success byte for byte, numbers that JavaScript cannot hold included", async () => {
    const line = JSON.stringify(resultLine("a")).replace(
      '"created":1',
      '"created": 12345678901234567890',
    );
    expect((await collect(["a"], `${line}\n`)).lines).toEqual([line]);
  });

  it("keeps the last line although its end is missing, and not the half of one", async () => {
    const whole = text(resultLine("a"), resultLine("b"));
    expect((await collect(["a", "b"], whole.trimEnd())).counts.succeeded).toBe(2);
    const cut = await collect(["a", "b"], whole.slice(0, -20));
    expect(cut.counts).toMatchObject({ succeeded: 1, missing: 1 });
    expect(cut.strays).toHaveLength(1);
  });

  it.each<[string, object, { code: string; message?: string }]>([
    [
      "an HTTP error in the response",
      resultLine("a", false),
      { code: "bad_request", message: "It was a bad request." },
    ],
    [
      "a refusal without a response",
      { custom_id: "a", response: null, error: { code: "batch_expired", message: "late" } },
      { code: "batch_expired", message: "late" },
    ],
    [
      "a status of 0 and no body",
      { custom_id: "a", response: { status_code: 0, body: null }, error: null },
      { code: "http_0" },
    ],
    [
      "a 200 whose body is no answer",
      { custom_id: "a", response: { status_code: 200, body: { detail: "odd" } }, error: null },
      { code: "invalid_response" },
    ],
    [
      "a 200 whose body is an error",
      {
        custom_id: "a",
        response: { status_code: 200, body: { error: { code: "c", message: "m" } } },
        error: null,
      },
      { code: "c", message: "m" },
    ],
    [
      "a 500 without an envelope",
      { custom_id: "a", response: { status_code: 500, body: "<html>" }, error: null },
      { code: "http_500" },
    ],
    [
      "an error without a code",
      { custom_id: "a", response: { status_code: 429, body: { error: { message: "slow" } } } },
      { code: "http_429", message: "slow" },
    ],
    ["nothing at all", { custom_id: "a" }, { code: "empty_response" }],
  ])("reads %s as a failure with its reason in `error`", async (_what, line, error) => {
    const { results, counts } = await collect(["a"], text(line));
    expect(results).toMatchObject([{ custom_id: "a", error }]);
    expect(counts.succeeded).toBe(0);
  });

  it("takes no line of another request for one whose id it does not know", async () => {
    const { results } = await collect(
      ["a", "A", "\u00e9"],
      text(resultLine("e\u0301"), resultLine("a")),
    );
    expect(results.map(({ error }) => error?.code ?? "succeeded")).toEqual([
      "succeeded",
      "missing",
      "missing",
    ]);
  });

  it("needs no name for what it reads, so that a killed process leaves nothing behind", async () => {
    const file = await temporaryFile();
    onTestFinished(() => file.remove());
    await file.hide();
    if (process.platform !== "win32") {
      await expect(access(file.path)).rejects.toMatchObject({ code: "ENOENT" });
    }
    const index = await spoolResults(
      chunksOf(text(resultLine("a"))),
      file,
      isResponse,
      resultReader(undefined),
    );
    const ordered = orderResults(chunksOf(`${JSON.stringify(chatLine("a"))}\n`), index, {
      isResponse,
      unanswered: missing,
    });
    expect(await linesOf(ordered.bytes)).toEqual([JSON.stringify(resultLine("a"))]);
  });

  it("leaves no temporary file behind", async () => {
    const file = await temporaryFile();
    onTestFinished(() => file.remove().catch(() => {}));
    await file.write(Buffer.from("secret"));
    await file.remove();
    await expect(access(file.path)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

function shuffle<T>(values: readonly T[], seed: number): T[] {
  const mixed = [...values];
  let state = seed + 1;
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
