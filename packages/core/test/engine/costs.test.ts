import type { BatchProvider } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { chatLine, openWorld, optionsOf, TestBatch } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")] as never[];

describe("what safety costs on a healthy provider", () => {
  it("is five record writes a job, three a batch, and two lists for all its jobs", async () => {
    const world = openWorld();
    world.traits.maxRequests = 1;
    const writes: string[] = [];
    const storage: typeof world.storage = {
      ...world.storage,
      async writeRecord(key, value, options) {
        const { state = "" } = JSON.parse(Buffer.from(value).toString("utf8")).value;
        writes.push(`${key.split("/")[0]} ${state}`.trim());
        return world.storage.writeRecord(key, value, options);
      },
    };
    const calls: string[] = [];
    const counted = <Name extends keyof BatchProvider>(name: Name): BatchProvider[Name] => {
      const method = world.provider[name] as (...args: readonly unknown[]) => unknown;
      return ((...args: readonly unknown[]) => {
        calls.push(name);
        return method(...args);
      }) as BatchProvider[Name];
    };
    for (const name of ["upload", "create", "list", "results", "discard", "cancel"] as const) {
      Object.assign(world.provider, { [name]: counted(name) });
    }
    world.runsMs = 7_200_000;

    const batch = await TestBatch.createFromRequests(three, { ...optionsOf(world), storage });
    await batch.start();
    await batch.wait();
    await batch.getResults();

    const count = (all: readonly string[]) =>
      Object.fromEntries(
        [...new Set(all)].map((one) => [one, all.filter((x) => x === one).length]),
      );
    expect(count(writes)).toEqual({
      batches: 3,
      "jobs uploaded": 3,
      "jobs creating": 3,
      "jobs submitted": 3,
      "jobs terminal": 3,
      "jobs collected": 3,
    });
    expect(count(calls)).toEqual({ upload: 3, create: 3, results: 3, list: 2 });
  });
});
