import { expect, it } from "vitest";
import { openAllowance } from "../src/allowance.js";

it("is full at first, grows with time, and never beyond what it may hold", () => {
  const allowance = openAllowance();
  allowance.grow(0, 10, 2);
  expect(allowance.delayMs(2)).toBe(0);
  allowance.take(2);
  expect(allowance.delayMs(1)).toBe(100);
  allowance.grow(60_000, 10, 2);
  allowance.take(2);
  expect(allowance.delayMs(1)).toBe(100);
});

it("lets who wants more than it can hold go when it is full, and leaves a debt", () => {
  const allowance = openAllowance();
  allowance.grow(0, 10, 2);
  expect(allowance.delayMs(50)).toBe(0);
  allowance.take(50);
  expect(allowance.delayMs(50)).toBe(5000);
  allowance.take(-50);
  expect(allowance.delayMs(50)).toBe(0);
});

it("does not grow until a pause is over, and has lost what was saved up", () => {
  const allowance = openAllowance();
  allowance.grow(0, 10, 5);
  allowance.pause(1000, 1);
  allowance.grow(500, 10, 5);
  expect(allowance.delayMs(2)).toBe(100);
  allowance.grow(1050, 10, 5);
  expect(allowance.delayMs(2)).toBe(50);
});

it("asks nobody to wait for what calculating has lost", () => {
  const allowance = openAllowance();
  let nowMs = 0;
  for (let taken = 0; taken < 1000; taken += 1) {
    allowance.grow(nowMs, 7, 1);
    expect(allowance.delayMs(1)).toBe(0);
    allowance.take(1);
    nowMs += allowance.delayMs(1);
  }
});
