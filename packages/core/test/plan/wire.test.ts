import { readFile } from "node:fs/promises";
import { LangBatchError } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { inputFile } from "../support/files.js";
import { openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

function line(customId: string, content: string | null, url = "/v1/chat/completions"): string {
  const body = { model: "m", messages: [{ role: "user", content }] };
  return JSON.stringify({ custom_id: customId, method: "POST", url, body });
}

/** A provider that writes what says "loud" in capitals, and cannot take what says "never". */
function openLoudWorld(): World {
  const world = openWorld();
  world.traits.wire = {
    encode({ line }) {
      const text = line.toString();
      if (text.includes("never")) {
        throw new LangBatchError("invalid_request", "it says what is never said.");
      }
      return text.includes("loud") ? Buffer.from(text.replace("loud", "LOUDER")) : undefined;
    },
  };
  return world;
}

const text = (...lines: readonly string[]) => lines.map((each) => `${each}\n`).join("");

describe("a wire format", () => {
  it("writes what is sent, and leaves the user's file and the stored input as they are", async () => {
    const world = openLoudWorld();
    const content = text(
      line("a", "quiet"),
      line("b", "loud"),
      line("c", "x", "/chat/completions"),
    );
    const file = await inputFile(content);
    const batch = new TestBatch(file, optionsOf(world));
    await batch.start();
    expect(world.jobs.map(({ lines }) => lines)).toEqual([
      [line("a", "quiet"), line("b", "LOUDER"), line("c", "x")],
    ]);
    expect(await readFile(file, "utf8")).toBe(content);
    expect(await batch.getRequestsByCustomIds(["b"])).toMatchObject([
      { body: { messages: [{ content: "loud" }] } },
    ]);
  });

  it("is not asked again for a job none of whose lines it writes otherwise", async () => {
    const world = openLoudWorld();
    let asked = 0;
    const { wire } = world.traits;
    world.traits.wire = {
      encode(request) {
        asked += 1;
        return wire?.encode(request);
      },
    };
    const options = { ...optionsOf(world), maxRequestsPerJob: 2 };
    await new TestBatch(
      await inputFile(text(line("a", "1"), line("b", "2"), line("c", "loud"), line("d", "4"))),
      options,
    ).start();
    expect(world.jobs).toHaveLength(2);
    // Each once for the plan, and those of the second job once more when it is sent.
    expect(asked).toBe(4 + 2);
  });

  it("decides how many bytes a line counts for", async () => {
    const content = text(line("a", "loud"), line("b", "loud"));
    const bytes = Buffer.byteLength(content);
    const jobsOf = async (maxBytesPerJob: number) => {
      const world = openLoudWorld();
      const options = { ...optionsOf(world), maxBytesPerJob };
      await new TestBatch(await inputFile(content), options).start();
      return world.jobs.length;
    };
    expect(await jobsOf(bytes + 4)).toBe(1);
    expect(await jobsOf(bytes + 3)).toBe(2);
  });

  it("says of each line what the provider cannot take, before anything is sent", async () => {
    const world = openLoudWorld();
    const file = await inputFile(text(line("a", "never"), line("b", "1"), line("c", "never")));
    const error: unknown = await new TestBatch(file, optionsOf(world))
      .start()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "invalid_request",
      total: 2,
      problems: [
        {
          line: 1,
          customId: "a",
          code: "unsupported_request",
          message: "Line 1: it says what is never said.",
        },
        { line: 3, customId: "c" },
      ],
    });
    expect(world.uploads.size).toBe(0);
  });

  it("is used by the rounds of `retry`, too", async () => {
    const world = openLoudWorld();
    world.end = () => "fail";
    const batch = new TestBatch(await inputFile(text(line("a", "loud"))), optionsOf(world));
    await batch.start();
    await batch.wait();
    await batch.retry();
    expect(world.jobs.map(({ lines }) => lines)).toEqual([
      [line("a", "LOUDER")],
      [line("a", "LOUDER")],
    ]);
  });

  it("must still be there when what was planned with it is sent", async () => {
    const world = openLoudWorld();
    const batch = new TestBatch(await inputFile(text(line("a", "loud"))), optionsOf(world));
    await batch.save();
    delete world.traits.wire;
    await expect(batch.start()).rejects.toMatchObject({ code: "version_unsupported" });
    expect(world.jobs).toEqual([]);
  });
});
