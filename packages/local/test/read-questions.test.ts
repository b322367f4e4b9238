import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlacedQuestion } from "../src/question-of-line.js";
import { type QuestionSource, readQuestions } from "../src/read-questions.js";
import { chatLine, chatUrl } from "./support/open-bench.js";

const { signal } = new AbortController();

function sourceOf(
  text: string,
  requests: number,
  answered: readonly number[] = [],
): QuestionSource {
  const input = { data: new Blob([text]), requests };
  return { input, url: chatUrl, signal, isAnswered: (position) => answered.includes(position) };
}

async function all(source: QuestionSource): Promise<PlacedQuestion[]> {
  const found: PlacedQuestion[] = [];
  for await (const questions of readQuestions(source)) found.push(...questions);
  return found;
}

describe("reading questions", () => {
  it("brings those without an answer in input order", async () => {
    const text = [0, 1, 2, 3].map((at) => `${chatLine(at)}\n`).join("");
    const questions = await all(sourceOf(text, 4, [0, 2]));
    expect(questions.map(({ position, customId }) => [position, customId])).toEqual([
      [1, "request-1"],
      [3, "request-3"],
    ]);
  });

  it.each([
    ["LF", "\n", "\n"],
    ["CR and LF", "\r\n", "\r\n"],
    ["none after the last line", "\n", ""],
    ["blank lines", "\n\n \r\n", "\n\n"],
  ])("takes every line end: %s", async (_name, between, last) => {
    const text = [0, 1, 2].map(chatLine).join(between) + last;
    const questions = await all(sourceOf(text, 3));
    expect(questions.map(({ customId }) => customId)).toEqual([
      "request-0",
      "request-1",
      "request-2",
    ]);
    const body = (JSON.parse(chatLine(2)) as { body: object }).body;
    expect(questions[2]?.body.toString()).toBe(JSON.stringify(body));
  });

  it("leaves bodies byte for byte, whatever names are written with escapes", async () => {
    const line = '{"c\\u0075stom_id":"\\ud83d\\ude00","url":"/v1","b\\u006fdy":{"a":[1,"\u2028"]}}';
    const plain = `{"url":"/v1","body": {"seed":12345678901234567890 , "x":"}\\"{"} ,"custom_id":"b"}`;
    const questions = await all(sourceOf(`${line}\n${plain}`, 2));
    expect(questions).toMatchObject([
      { customId: "😀", body: Buffer.from('{"a":[1,"\u2028"]}') },
      { customId: "b", body: Buffer.from('{"seed":12345678901234567890 , "x":"}\\"{"}') },
    ]);
  });

  it("reads the same however the bytes are cut", async () => {
    const text = Array.from({ length: 12 }, (_, at) => `${chatLine(at)}ü`.replace("ü", "\n")).join(
      "",
    );
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        async function* stream(): AsyncGenerator<Uint8Array> {
          for (const [at, place] of places.entries()) yield bytes.subarray(place, places[at + 1]);
        }
        const input = { data: { stream } as unknown as Blob, requests: 12 };
        const questions = await all({ input, url: chatUrl, signal, isAnswered: () => false });
        expect(questions.map(({ customId }) => customId)).toEqual(
          Array.from({ length: 12 }, (_, at) => `request-${at}`),
        );
      }),
    );
  });

  it("refuses a line that is no request, and another number of them", async () => {
    const code = "input_unreadable";
    for (const line of ["{}", "[]", "x", '{"custom_id":"a"}', '{"custom_id":1,"body":{}}']) {
      await expect(all(sourceOf(`${line}\n`, 1))).rejects.toMatchObject({ code });
    }
    await expect(all(sourceOf(`${chatLine(0)}\n`, 2))).rejects.toMatchObject({ code });
  });

  it("holds no more of a long file than a piece", async () => {
    const directory = await mkdtemp(join(tmpdir(), "langbatch-"));
    try {
      const path = join(directory, "input.jsonl");
      await writeFile(
        path,
        Array.from({ length: 5_000 }, (_, at) => `${chatLine(at)}\n`),
      );
      const input = { data: await openAsBlob(path), requests: 5_000 };
      let longest = 0;
      let found = 0;
      const source = { input, url: chatUrl, signal, isAnswered: () => false };
      for await (const questions of readQuestions(source)) {
        longest = Math.max(longest, questions.length);
        found += questions.length;
      }
      expect(longest).toBeLessThan(1_000);
      expect(found).toBe(5_000);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
