import fc from "fast-check";
import { expect, it } from "vitest";
import { openRecentCount } from "../src/recent-count.js";

function countEvery(gapMs: number, forMs: number): ReturnType<typeof openRecentCount> {
  const count = openRecentCount();
  for (let atMs = 0; atMs < forMs; atMs += gapMs) count.add(atMs, 1);
  return count;
}

it("counts what was within the last second", () => {
  const count = countEvery(10, 5000);
  for (let atMs = 5000; atMs < 6000; atMs += 5) count.add(atMs, 1);
  expect(count.perSecond(5999, 6000)).toBeCloseTo(200);
});

it("counts what came all at once as of a second", () => {
  const count = openRecentCount();
  for (let sent = 0; sent < 300; sent += 1) count.add(7, 1);
  expect(count.perSecond(7, 7)).toBe(300);
});

it("looks back further where it is little", () => {
  expect(countEvery(2000, 60_000).perSecond(60_000, 60_000)).toBeCloseTo(0.5, 1);
});

it("counts up to a moment that is over, whatever came after it", () => {
  const count = countEvery(10, 5000);
  for (let sent = 0; sent < 300; sent += 1) count.add(5500, 1);
  expect(count.perSecond(4999, 6000)).toBeCloseTo(100);
});

it("counts no more what is taken away again", () => {
  const count = countEvery(10, 5000);
  for (let atMs = 4010; atMs < 5000; atMs += 20) count.add(atMs, -1);
  expect(count.perSecond(4999, 5000)).toBeCloseTo(50, 0);
});

it("knows nothing of what is long over", () => {
  expect(openRecentCount().perSecond(0, 0)).toBeNaN();
  const count = countEvery(10, 100_000);
  expect(count.perSecond(1000, 100_000)).toBeNaN();
  count.add(1000, -1);
  expect(count.perSecond(99_999, 100_000)).toBeCloseTo(100);
});

it("counts as one does who remembers everything", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 300, maxLength: 2000 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 0, max: 200_000 }), (gapsOf20Ms, restMs) => {
      const count = openRecentCount();
      const times: number[] = [];
      let nowMs = 0;
      for (const [at, gap] of gapsOf20Ms.entries()) {
        nowMs += gap * 20 + (at === 200 ? Math.floor(restMs / 20) * 20 : 0);
        times.push(nowMs);
        count.add(nowMs, 1);
      }
      nowMs += 20;
      const wanted = times.filter((atMs) => atMs >= nowMs - 1000).length;
      fc.pre(wanted >= 20);
      expect(count.perSecond(nowMs - 20, nowMs)).toBe(wanted);
    }),
  );
});
