import { LangBatchError, memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { linesFile } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

const three = [chatLine("a"), chatLine("b"), chatLine("c")];
const context = { endpoint: "/v1/chat/completions" };

/** A job that no LangBatch made. */
async function foreignJob(world: World): Promise<string> {
  const text = three.map((line) => `${JSON.stringify(line)}\n`).join("");
  const input = { tag: "", name: "mine.jsonl", requests: 3, model: undefined };
  const file = { ...input, data: new Blob([text]) };
  const uploaded = await world.provider.upload?.(file, context);
  return (await world.provider.create(file, uploaded, context)).id;
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.catch((thrown: unknown) => thrown);
  return LangBatchError.is(error) ? error.code : undefined;
}

describe("adopting a job that somebody else created", () => {
  it("brings its results home like those of any other batch", async () => {
    const world = openWorld();
    world.end = (id) => (id === "b" ? "fail" : "succeed");
    const batch = await TestBatch.adopt(await foreignJob(world), optionsOf(world));
    expect(await batch.getStatus()).toBe("in_progress");
    expect(await batch.wait()).toBe("completed");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "c"]);
    expect(unsuccessful.map(({ custom_id }) => custom_id)).toEqual(["b"]);
    expect(world.jobs, "adopting creates nothing").toHaveLength(1);

    world.end = () => "succeed";
    await batch.retry();
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(3);
    expect(world.jobs.map(({ lines }) => lines.length)).toEqual([3, 1]);
  });

  it("is the same batch when the same job is adopted again, also by another process", async () => {
    const world = openWorld();
    const jobId = await foreignJob(world);
    const batch = await TestBatch.adopt(jobId, optionsOf(world));
    await batch.wait();
    const again = await TestBatch.adopt(jobId, optionsOf(world));
    expect(again.id).toBe(batch.id);
    expect((await again.getResults()).successful).toHaveLength(3);
    const loaded = await TestBatch.load(batch.id, optionsOf(world));
    expect(await loaded.getStatus()).toBe("completed");
  });

  it("takes the requests from a file where the provider has them no longer", async () => {
    const world = openWorld();
    const jobId = await foreignJob(world);
    world.uploads.clear();
    expect(await codeOf(TestBatch.adopt(jobId, optionsOf(world)))).toBe("not_found");
    const file = await linesFile(three);
    const batch = await TestBatch.adopt(jobId, { ...optionsOf(world), file });
    await batch.wait();
    expect((await batch.getResults()).successful).toHaveLength(3);
  });

  it("asks for the file where the provider never gives them back", async () => {
    const world = openWorld();
    const jobId = await foreignJob(world);
    const { input: _none, ...provider } = world.provider;
    const options = { ...optionsOf(world), batchKwargs: { world: { ...world, provider } } };
    await expect(TestBatch.adopt(jobId, options)).rejects.toThrow(/Pass `file`/);
  });

  it("refuses what is not that job: another id, another endpoint, another file", async () => {
    const world = openWorld();
    const jobId = await foreignJob(world);
    const options = optionsOf(world);
    expect(await codeOf(TestBatch.adopt("job-77", options))).toBe("not_found");

    const { get } = world.provider;
    world.provider.get = async function* (ids, asked) {
      for await (const job of get(ids, asked)) yield { ...job, requests: 3 };
    };
    const file = await linesFile(three.slice(1));
    expect(await codeOf(TestBatch.adopt(jobId, { ...options, file }))).toBe("wrong_input");

    world.provider.get = async function* (ids, asked) {
      for await (const job of get(ids, asked)) yield { ...job, endpoint: "/v1/embeddings" };
    };
    expect(await codeOf(TestBatch.adopt(jobId, options))).toBe("wrong_class");

    world.provider.get = get;
    const batch = await TestBatch.adopt(jobId, options);
    await batch.wait();
    expect((await batch.getResults()).successful, "all that failed left no trace").toHaveLength(3);
  });

  it("goes on where it was interrupted at any write", async () => {
    for (let at = 0; at < 8; at += 1) {
      const world = openWorld();
      const jobId = await foreignJob(world);
      const storage = memoryStorage();
      let left = at;
      const fail = () => {
        left -= 1;
        if (left < 0) throw new Error("power cut");
      };
      const failing = {
        ...storage,
        async writeRecord(...args: Parameters<typeof storage.writeRecord>) {
          fail();
          return storage.writeRecord(...args);
        },
        async writeBlob(...args: Parameters<typeof storage.writeBlob>) {
          fail();
          return storage.writeBlob(...args);
        },
      };
      const options = optionsOf(world);
      await TestBatch.adopt(jobId, { ...options, storage: failing }).catch(() => {});
      const batch = await TestBatch.adopt(jobId, { ...options, storage });
      await batch.wait();
      expect((await batch.getResults()).successful, `write ${at}`).toHaveLength(3);
      expect(world.jobs, `write ${at}`).toHaveLength(1);
    }
  });
});
