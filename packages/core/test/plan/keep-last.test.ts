import { expect, it } from "vitest";
import { keepLast } from "../../src/plan/keep-last.js";

it("holds no more values back than were asked for, and says which are the last", async () => {
  let given = 0;
  async function* source() {
    for (const chunk of [4, 1, 1, 1, 0, 6, 2]) {
      yield Array.from({ length: chunk }, () => given++);
    }
  }
  const told: (readonly number[])[] = [];
  const groups: (readonly number[])[] = [];
  for await (const group of keepLast(source(), 3, (last) => told.push(last))) {
    groups.push(group);
    if (told.length === 0) expect(given - groups.flat().length).toBe(3);
  }
  expect(groups).toEqual([[0], [1], [2], [3], [4, 5, 6, 7, 8, 9], [10, 11], [12, 13, 14]]);
  expect(told).toEqual([[12, 13, 14]]);
  expect(told[0]).toBe(groups.at(-1));
});
