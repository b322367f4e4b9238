import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { folder, linesFile } from "../support/files.js";
import {
  chatLine,
  openWorld,
  optionsOf,
  resultLine,
  TestBatch,
  type World,
} from "../support/world.js";

const ids = ["a", "b", "c", "d", "e"];

async function started(world: World, of: readonly string[] = ids): Promise<TestBatch> {
  const batch = new TestBatch(await linesFile(of.map((id) => chatLine(id))), optionsOf(world));
  await batch.start();
  return batch;
}

async function home(world: World, of: readonly string[] = ids): Promise<TestBatch> {
  const batch = await started(world, of);
  await batch.wait();
  return batch;
}

describe("results", () => {
  it("come in input order, in two lists, as a stream and as a file", async () => {
    const world = openWorld();
    world.end = (id) => (id === "b" || id === "d" ? "fail" : "succeed");
    const batch = await home(world);

    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "c", "e"]);
    expect(unsuccessful.map(({ custom_id }) => custom_id)).toEqual(["b", "d"]);

    const streamed: string[] = [];
    for await (const { custom_id } of batch.results()) streamed.push(custom_id);
    expect(streamed).toEqual(ids);

    const path = join(await folder(), "deep", "results.jsonl");
    expect(await batch.getResultsFile({ path })).toBe(path);
    const lines = (await readFile(path, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ custom_id }) => custom_id)).toEqual(ids);
    expect(lines[0]).toEqual(resultLine("a"));
    expect(lines[1]).toMatchObject({
      error: { code: "bad_request" },
      response: { status_code: 400 },
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("show what the endpoint answered, and serialise as the OpenAI line alone", async () => {
    const batch = await home(openWorld(), ["a"]);
    const { successful } = await batch.getResults();
    const [result] = successful;
    expect(result?.choices[0]?.message.content).toBe("answer to a");
    expect(result?.usage?.total_tokens).toBe(7);
    expect(result?.model).toBe("test-model");
    expect(result?.response.body.id).toBe("chatcmpl-a");
    expect(JSON.parse(JSON.stringify(result))).toEqual(resultLine("a"));
  });

  it("are refused before the end, and never an empty list", async () => {
    const batch = await started(openWorld());
    for (const ask of [
      batch.getResults(),
      batch.getResultsFile(),
      batch.getUnsuccessfulRequests(),
      batch.results().next(),
    ]) {
      await expect(ask).rejects.toMatchObject({ code: "not_ready", retryable: true });
    }
  });

  it("are downloaded by whoever asks first, and are home then", async () => {
    const world = openWorld();
    const batch = await started(world);
    await world.ports.sleep(world.runsMs);
    expect(await batch.getStatus()).toBe("completed");
    expect((await batch.getResults()).successful).toHaveLength(5);
    world.provider.results = () => {
      throw new Error("It was asked again.");
    };
    world.provider.get = () => {
      throw new Error("It was asked again.");
    };
    expect((await batch.getResults()).successful).toHaveLength(5);
  });

  it("of a batch in which all failed are all there", async () => {
    const world = openWorld();
    world.end = () => "fail";
    const batch = await home(world);
    expect(await batch.getStatus()).toBe("completed");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful).toEqual([]);
    expect(unsuccessful.map(({ custom_id }) => custom_id)).toEqual(ids);
  });

  it.each([
    ["expired", "batch_expired"],
    ["cancelled", "batch_cancelled"],
  ] as const)(
    "of an %s job are what was finished, and a reason for the rest",
    async (status, code) => {
      const world = openWorld();
      world.finalStatus = status === "cancelled" ? "completed" : status;
      world.end = (id) => (id < "c" ? "succeed" : "drop");
      const batch = await started(world);
      if (status === "cancelled") await batch.cancel();
      await batch.wait();
      expect(await batch.getStatus()).toBe(status);
      const { successful, unsuccessful } = await batch.getResults();
      expect(successful).toHaveLength(status === "expired" ? 2 : 0);
      expect(new Set(unsuccessful.map(({ error }) => error.code))).toEqual(new Set([code]));
    },
  );

  it("that a job left out are asked for again, and then called missing", async () => {
    const world = openWorld();
    world.end = (id) => (id === "c" ? "drop" : "succeed");
    let downloads = 0;
    const { results } = world.provider;
    world.provider.results = (job, context) => {
      downloads += 1;
      return results(job, context);
    };
    const batch = await started(world);
    expect(await batch.wait()).toBe("failed");
    expect(downloads).toBe(3);
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful).toMatchObject([{ custom_id: "c", error: { code: "missing" } }]);
  });

  it("that came short are asked for again by getResults, too", async () => {
    const world = openWorld();
    world.end = (id) => (id === "c" ? "drop" : "succeed");
    const batch = await started(world);
    await world.ports.sleep(world.runsMs);
    const { unsuccessful } = await batch.getResults();
    expect(unsuccessful).toMatchObject([{ custom_id: "c", error: { code: "missing" } }]);
  });

  it("that came short once are whole in the end", async () => {
    const world = openWorld();
    const { results } = world.provider;
    let downloads = 0;
    world.provider.results = async function* (job, context) {
      downloads += 1;
      for await (const chunk of results(job, context)) {
        yield downloads === 1 ? chunk.subarray(0, 40) : chunk;
        if (downloads === 1) return;
      }
    };
    const batch = await home(world);
    expect(downloads).toBe(2);
    expect((await batch.getResults()).successful).toHaveLength(5);
  });

  it("that are no result of a request are kept beside the others", async () => {
    const world = openWorld();
    const { results } = world.provider;
    world.provider.results = async function* (job, context) {
      yield Buffer.from(`${JSON.stringify(resultLine("stranger"))}\nnot json\n`);
      yield* results(job, context);
    };
    const batch = await home(world);
    const strays: Uint8Array[] = [];
    for await (const chunk of world.storage.readBlob(`blobs/${batch.id}/0/0/strays-0`))
      strays.push(chunk);
    expect(Buffer.concat(strays).toString()).toBe(
      `${JSON.stringify(resultLine("stranger"))}\nnot json\n`,
    );
  });

  it("that memory should not hold are refused, naming the way that streams them", async () => {
    const world = openWorld();
    const batch = await home(world);
    const key = `jobs/${batch.id}/0/0`;
    const stored = await world.storage.readRecord(key);
    const record = JSON.parse(Buffer.from(stored?.value ?? []).toString());
    record.value.results.bytes = 10 ** 13;
    await world.storage.writeRecord(key, Buffer.from(JSON.stringify(record)), {
      expected: stored?.revision ?? null,
    });
    await expect(batch.getResults()).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringContaining("results()"),
    });
    expect((await batch.results().next()).done).toBe(false);
  });
});

describe("the requests of a batch", () => {
  it("without a success come back as they were, in input order", async () => {
    const world = openWorld();
    world.end = (id) => (id === "a" || id === "e" ? "fail" : "succeed");
    const batch = await home(world);
    expect(await batch.getUnsuccessfulRequests()).toEqual([chatLine("a"), chatLine("e")]);
  });

  it("are found by their ids, at any time once they are stored", async () => {
    const batch = await started(openWorld());
    expect(await batch.getRequestsByCustomIds(["d", "b", "d"])).toEqual([
      chatLine("b"),
      chatLine("d"),
    ]);
    expect(await batch.getRequestsByCustomIds([])).toEqual([]);
    await expect(batch.getRequestsByCustomIds(["a", "x", "y"])).rejects.toMatchObject({
      code: "not_found",
      customId: "x",
      message: expect.stringContaining("1 more"),
    });
  });
});

describe("a batch larger than one job may be", () => {
  it("is cut by requests and bytes, and reads as one", async () => {
    for (const limits of [{ maxRequests: 2 }, { maxBytes: 300 }, { maxRequests: 1 }]) {
      const world = openWorld(memoryStorage());
      Object.assign(world.traits, limits);
      world.end = (id) => (id === "d" ? "fail" : "succeed");
      const batch = await home(world);
      expect(world.jobs.length).toBeGreaterThan(2);
      for (const { lines } of world.jobs) {
        expect(lines.length).toBeLessThanOrEqual(world.traits.maxRequests);
        expect(lines.join("\n").length + 1).toBeLessThanOrEqual(world.traits.maxBytes);
      }
      const seen: string[] = [];
      for await (const { custom_id, error } of batch.results())
        seen.push(`${custom_id}${error ? "!" : ""}`);
      expect(seen).toEqual(["a", "b", "c", "d!", "e"]);
    }
  });
});
