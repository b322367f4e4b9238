import { describe, expect, it } from "vitest";
import type { PlacedQuestion } from "../src/question-of-line.js";
import { questionsOf } from "../src/questions-of.js";

const { signal } = new AbortController();

async function ordered(
  bodies: readonly object[],
  { url = "/v1/chat/completions", answered = [] as number[] } = {},
): Promise<PlacedQuestion[]> {
  const lines = bodies.map((body, at) => `${JSON.stringify({ custom_id: `r${at}`, url, body })}\n`);
  const input = { data: new Blob(lines), requests: bodies.length };
  const isAnswered = (position: number) => answered.includes(position);
  const found: PlacedQuestion[] = [];
  for await (const questions of questionsOf({ input, url, signal, isAnswered }, true)) {
    found.push(...questions);
  }
  return found;
}

function orderOf(questions: readonly PlacedQuestion[]): number[] {
  return questions.map(({ position }) => position);
}

function chat(content: string, rest: object = {}): object {
  return { model: "m", ...rest, messages: [{ role: "system", content }] };
}

const a = "A".repeat(300);
const b = "B".repeat(300);

describe("grouping by prefix", () => {
  it("asks what begins alike one after the other, in the order of each group's first", async () => {
    const questions = await ordered([
      chat(`${a}1`),
      chat(`${b}1`),
      chat("short"),
      chat(`${b}2`),
      chat(`${a}2`),
    ]);
    expect(orderOf(questions)).toEqual([0, 4, 1, 3, 2]);
    expect(questions.map(({ customId }) => customId)).toEqual(["r0", "r4", "r1", "r3", "r2"]);
    expect(questions[1]?.body.toString()).toBe(JSON.stringify(chat(`${a}2`)));
  });

  it("puts what has more in common closer together", async () => {
    const document = (letter: string) => a + letter.repeat(5_000);
    const questions = await ordered([
      chat(`${document("x")}1`),
      chat(`${document("y")}1`),
      chat(`${b}1`),
      chat(`${document("x")}2`),
      chat(`${document("y")}2`),
    ]);
    expect(orderOf(questions)).toEqual([0, 3, 1, 4, 2]);
  });

  it("stays in input order where nothing is alike", async () => {
    const bodies = Array.from({ length: 500 }, (_, at) => chat(`${at} ${a}`));
    expect(orderOf(await ordered(bodies))).toEqual(bodies.map((_, at) => at));
  });

  it("compares what comes after the settings, of the same model with the same tools", async () => {
    const questions = await ordered([
      chat(a, { temperature: 0 }),
      chat(a, { model: "n" }),
      chat(a, { tools: [{ type: "function" }] }),
      chat(a, { temperature: 1, seed: 5 }),
      chat(a, { tools: [{ type: "function" }] }),
      chat(a, { model: "n" }),
    ]);
    expect(orderOf(questions)).toEqual([0, 3, 1, 5, 2, 4]);
  });

  it("reads the instructions of a response before its input, and the prompt of a completion", async () => {
    const responses = [
      { model: "m", input: `${b}1`, instructions: a },
      { model: "m", input: "other", instructions: b },
      { model: "m", instructions: a, input: `${b}2` },
    ];
    expect(orderOf(await ordered(responses, { url: "/v1/responses" }))).toEqual([0, 2, 1]);
    const completions = [a, b, a].map((prompt) => ({ model: "m", prompt }));
    expect(orderOf(await ordered(completions, { url: "/v1/completions" }))).toEqual([0, 2, 1]);
  });

  it("leaves embeddings and moderations in input order", async () => {
    const bodies = [a, b, a].map((input) => ({ model: "m", input }));
    for (const url of ["/v1/embeddings", "/v1/moderations"]) {
      expect(orderOf(await ordered(bodies, { url }))).toEqual([0, 1, 2]);
    }
  });

  it("leaves out what is answered", async () => {
    const bodies = [a, b, a, b, a].map((text) => chat(text));
    expect(orderOf(await ordered(bodies, { answered: [0, 3] }))).toEqual([1, 2, 4]);
  });

  it("brings every question once where prompts are many and long", async () => {
    const bodies = Array.from({ length: 400 }, (_, at) =>
      chat(`${String.fromCharCode(65 + (at % 7)).repeat(20_000)}${at}`),
    );
    const order = orderOf(await ordered(bodies));
    expect(order.map((at) => at % 7)).toEqual(order.map((at) => at % 7).toSorted());
    expect(order.toSorted((one, other) => one - other)).toEqual(bodies.map((_, at) => at));
  });

  it("refuses an input that is not the one of the job", async () => {
    const input = { data: new Blob(['{"custom_id":"a","body":{}}\n']), requests: 2 };
    const source = { input, url: "/v1/chat/completions", signal, isAnswered: () => false };
    await expect(questionsOf(source, true).next()).rejects.toMatchObject({
      code: "input_unreadable",
    });
  });
});
