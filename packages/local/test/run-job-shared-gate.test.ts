import { describe, expect, it } from "vitest";
import { fixedGate } from "./support/fixed-gate.js";
import { drain, openBench, reply } from "./support/open-bench.js";
import { virtualClock } from "./support/virtual-clock.js";

describe("two jobs at one gate", () => {
  it("never have more on their way than the gate allows, and both complete", async () => {
    const clock = virtualClock();
    const gate = fixedGate(8);
    const benches = ["one", "two"].map((tag) => openBench({ requests: 60, tag, clock, gate }));
    const runs = benches.map((bench) => drain(bench.open()));
    await clock.run(Promise.all(runs));
    expect(gate.mostTaken).toBe(8);
    expect(gate.taken).toBe(0);
    for (const bench of benches) expect(bench.journal.ids).toHaveLength(60);
  });

  it("lets the second have what the first does not need", async () => {
    const clock = virtualClock();
    const gate = fixedGate(8);
    const first = openBench({ requests: 60, tag: "one", clock, gate });
    const second = openBench({ requests: 60, tag: "two", clock, gate });
    const firstRun = drain(first.open());
    await clock.advance(500);
    const secondRun = drain(second.open());
    await clock.run(firstRun);
    const answered = second.journal.ids.length;
    expect(answered).toBeLessThan(20);
    await clock.run(secondRun);
    expect(gate.mostTaken).toBe(8);
    // As long as one job of 120 requests, but for the few with which each begins.
    expect(clock.now).toBeLessThan(2_300);
  });

  it("wakes the second when the first stops", async () => {
    const clock = virtualClock();
    const gate = fixedGate(4);
    const first = openBench({ requests: 60, tag: "one", clock, gate, script: () => "never" });
    const second = openBench({ requests: 4, tag: "two", clock, gate });
    const stop = new AbortController();
    const firstRun = drain(first.open(stop.signal));
    await clock.advance(10);
    const secondRun = drain(second.open());
    await clock.advance(1_000);
    expect(second.asked).toHaveLength(0);
    stop.abort(new Error("Enough."));
    await expect(clock.run(firstRun)).rejects.toThrow("Enough.");
    await clock.run(secondRun);
    expect(second.journal.ids).toHaveLength(4);
  });

  it("wakes the second when the caller of the first goes away", async () => {
    const clock = virtualClock();
    const gate = fixedGate(4);
    const script = () => reply(200, 1_000);
    const first = openBench({ requests: 60, tag: "one", clock, gate, script });
    const second = openBench({ requests: 4, tag: "two", clock, gate, script });
    const firstRun = first.open();
    await clock.run(firstRun.next());
    const next = firstRun.next();
    const secondRun = drain(second.open());
    await clock.run(next);
    await clock.run(firstRun.return(undefined));
    await clock.run(secondRun);
    expect(second.journal.ids).toHaveLength(4);
    expect(gate.taken).toBe(0);
  });

  it("shares what is let through evenly spread, without a request that is overtaken", async () => {
    const clock = virtualClock();
    const gate = fixedGate(100);
    let nextAt = 0;
    const { begin } = gate;
    gate.pauseMs = () => Math.max(0, nextAt - clock.now);
    Object.assign(gate, {
      begin(tokens: number) {
        const passage = begin(tokens);
        nextAt = clock.now + 50;
        return passage;
      },
    });
    const first = openBench({ requests: 20, tag: "one", clock, gate });
    const second = openBench({ requests: 20, tag: "two", clock, gate });
    await clock.run(Promise.all([drain(first.open()), drain(second.open())]));
    const times = [...first.asked, ...second.asked].map(({ at }) => at);
    expect(times.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n * 50));
    expect(first.asked.at(-1)?.at).toBeLessThan(second.asked.at(3)?.at ?? 0);
  });
});
