import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswered } from "../src/answered.js";

function line(id: string, response: object | null, error: object | null = null): string {
  return JSON.stringify({ id, custom_id: "a", response, error });
}

const success = { status_code: 200, body: {} };

function read(lines: readonly string[], requests = 100) {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.join("\n"));
  }
  return readAnswered({ read: chunks }, "batch-1", requests);
}

describe("reading what is answered", () => {
  it("counts each request once, by its first line", async () => {
    const answered = await read([
      line("batch-1-0", success),
      line("batch-1-7", { status_code: 400, body: {} }),
      line("batch-1-8", null, { code: "x", message: "y" }),
      line("batch-1-9", { status_code: 200, body: {} }, { code: "x", message: "y" }),
      line("batch-1-7", success),
    ]);
    expect([0, 7, 8, 9].map(answered.has)).toEqual([true, true, true, true]);
    expect(answered).toMatchObject({ completed: 1, failed: 3, usage: undefined });
    expect(answered.has(1)).toBe(false);
  });

  it.each([
    "batch-1-00",
    "batch-1-01",
    "batch-1-+1",
    "batch-1--1",
    "batch-1-1.0",
    "batch-1-1 ",
    "batch-1-",
    "batch-1-1e0",
    "batch-1-100",
    "batch-1-4294967297",
    "batch-1",
    "batch-2-1",
    "xbatch-1-1",
    "batch-1-１",
  ])("takes %j for no request of the job", async (id) => {
    expect(await read([line(id, success)])).toMatchObject({ completed: 0, failed: 0 });
  });

  it("takes what is torn, foreign or empty for nothing", async () => {
    const whole = line("batch-1-3", success);
    const answered = await read([
      whole.slice(0, -1),
      `${whole}}`,
      "",
      "null",
      "[]",
      '"text"',
      '{"id":"batch-1-3"}',
      '{"id":"batch-1-3","custom_id":"a","response":null,"error":null}',
      '{"id":"batch-1-3","custom_id":4,"response":{"status_code":200},"error":null}',
      '{"id":3,"custom_id":"a","response":{"status_code":200},"error":null}',
      "\u0000\ufffd",
    ]);
    expect(answered).toMatchObject({ completed: 0, failed: 0 });
  });

  it("finds a whole line after a torn one", async () => {
    const whole = line("batch-1-3", success);
    const answered = await read([`${whole.slice(0, 20)}`, whole]);
    expect(answered.has(3)).toBe(true);
  });

  it("adds up the tokens, in the words of chat completions and of responses", async () => {
    const usages = [
      { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      { input_tokens: 30, output_tokens: 20, total_tokens: 50 },
      { prompt_tokens: 7, total_tokens: 7 },
    ];
    const answered = await read(
      usages.map((usage, at) => line(`batch-1-${at}`, { status_code: 200, body: { usage } })),
    );
    expect(answered.usage).toEqual({
      prompt_tokens: 40,
      completion_tokens: 22,
      total_tokens: 62,
    });
  });

  it("stops reading when it is to stop", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.from(`${line("batch-1-1", success)}\n`);
    }
    const reading = readAnswered(
      { read: endless },
      "batch-1",
      2,
      AbortSignal.abort(new Error("No.")),
    );
    await expect(reading).rejects.toThrow("No.");
  });

  it("reads the same however the bytes are cut", async () => {
    const text = Array.from({ length: 20 }, (_, at) => line(`batch-1-${at * 2}`, success)).join(
      "\n",
    );
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (const [at, place] of places.entries()) yield bytes.subarray(place, places[at + 1]);
        }
        const answered = await readAnswered({ read: chunks }, "batch-1", 100);
        expect(answered.completed).toBe(20);
      }),
    );
  });
});
