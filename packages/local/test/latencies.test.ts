import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openLatencies } from "../src/latencies.js";

describe("latencies", () => {
  it("are unknown before the first answer", () => {
    expect(openLatencies().percentiles).toBeUndefined();
  });

  it("are at most 3 % off", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.02, max: 4e9, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (all) => {
          const latencies = openLatencies();
          for (const one of all) latencies.add(one);
          const sorted = all.toSorted((a, b) => a - b);
          const exact = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? 0;
          const { p50 = 0, p90 = 0, p99 = 0, max } = latencies.percentiles ?? {};
          expect(Math.abs(p50 / exact(0.5) - 1)).toBeLessThanOrEqual(0.03);
          expect(Math.abs(p90 / exact(0.9) - 1)).toBeLessThanOrEqual(0.03);
          expect(Math.abs(p99 / exact(0.99) - 1)).toBeLessThanOrEqual(0.03);
          expect(max).toBe(sorted.at(-1));
        },
      ),
    );
  });

  it("takes no time at all, and very long ones", () => {
    const latencies = openLatencies();
    latencies.add(0);
    expect(latencies.percentiles).toEqual({ p50: 0, p90: 0, p99: 0, max: 0 });
    latencies.add(1e13);
    expect(latencies.percentiles?.max).toBe(1e13);
  });
});
