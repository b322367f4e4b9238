import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeRounds, type ResultLines } from "../../src/results/merge-rounds.js";
import { resultLine } from "../support/world.js";

/** Results of a round, handed on in arrays of odd sizes. */
async function* round(
  ids: readonly string[],
  succeeds: (id: string) => boolean,
  mark: string,
  size: number,
): AsyncGenerator<readonly Buffer[]> {
  const lines = ids.map((id) => {
    const line = succeeds(id)
      ? resultLine(id)
      : { custom_id: id, response: null, error: { code: "no", message: mark } };
    return Buffer.from(JSON.stringify({ ...line, mark }));
  });
  for (let at = 0; at < lines.length; at += size) yield lines.slice(at, at + size);
}

describe("merging rounds", () => {
  it("gives each request once, its first success or else its latest failure, in input order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (succeedsIn, rounds, size) => {
          // Each request succeeds in the round of this number, where there is one.
          const ids = succeedsIn.map((_round, at) => `id-${at}`);
          const when = new Map(ids.map((id, at) => [id, succeedsIn[at] ?? 0]));
          const streams: ResultLines[] = [];
          for (let number = 0; number < rounds; number += 1) {
            const asked = ids.filter((id) => (when.get(id) ?? 0) >= number);
            streams.push(round(asked, (id) => when.get(id) === number, String(number), size));
          }
          const merged: { custom_id: string; mark: string; error: unknown }[] = [];
          for await (const lines of mergeRounds(streams)) {
            for (const line of lines) merged.push(JSON.parse(line.toString()));
          }
          expect(merged.map(({ custom_id }) => custom_id)).toEqual(ids);
          for (const { custom_id, mark, error } of merged) {
            const success = when.get(custom_id) ?? 0;
            expect(mark).toBe(String(Math.min(success, rounds - 1)));
            expect(error === null).toBe(success < rounds);
          }
        },
      ),
    );
  });

  it("keeps an earlier failure where a later round did not ask again", async () => {
    const streams = [round(["a", "b"], () => false, "0", 2), round(["b"], () => true, "1", 1)];
    const marks: string[] = [];
    for await (const lines of mergeRounds(streams)) {
      for (const line of lines) marks.push(JSON.parse(line.toString()).mark);
    }
    expect(marks).toEqual(["0", "1"]);
  });

  it("may leave out in one round what the next one asks for again", async () => {
    const streams = [
      round(["a", "b", "c"], () => false, "0", 2),
      round(["b", "c"], (id) => id === "b", "1", 1),
      round(["a", "c"], () => true, "2", 2),
    ];
    const marks: string[] = [];
    for await (const lines of mergeRounds(streams)) {
      for (const line of lines) marks.push(JSON.parse(line.toString()).mark);
    }
    expect(marks).toEqual(["2", "1", "2"]);
  });
});
