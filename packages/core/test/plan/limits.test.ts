import { LangBatchError, type RequestLine } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { inputFile, keysOf } from "../support/files.js";
import { chatLine, openWorld, optionsOf, TestBatch, type World } from "../support/world.js";

type Options = NonNullable<ConstructorParameters<typeof TestBatch>[1]>;

const ids = ["a", "b", "c", "d", "e", "f"];
const line = (id: string, fields: object = {}) => JSON.stringify({ ...chatLine(id), ...fields });
const text = ids.map((id) => `${line(id)}\n`).join("");
/** Every line of it is as long, line end included. */
const lineBytes = text.length / ids.length;

async function batchOf(world: World, options: Partial<Options>, content = text) {
  return new TestBatch(await inputFile(content), { ...optionsOf(world), ...options });
}

/** How many requests each job gets. */
async function packed(options: Partial<Options>, world = openWorld(), content = text) {
  await (await batchOf(world, options, content)).start();
  return world.jobs.map(({ lines }) => lines.length);
}

async function refusal(
  options: Partial<Options>,
  world = openWorld(),
  content = text,
): Promise<LangBatchError> {
  const batch = await batchOf(world, options, content);
  const error: unknown = await batch.start().catch((error: unknown) => error);
  if (!LangBatchError.is(error)) throw new Error(`It was taken, or failed with ${String(error)}.`);
  expect(world.jobs, "nothing was sent").toEqual([]);
  expect(await keysOf(world.storage), "nothing stays behind").toEqual([]);
  return error;
}

describe("maxRequestsPerJob", () => {
  it("is the most requests a job gets", async () => {
    expect(await packed({ maxRequestsPerJob: 5 })).toEqual([5, 1]);
    expect(await packed({ maxRequestsPerJob: 6 })).toEqual([6]);
  });

  it("never lifts the provider's limit", async () => {
    const world = openWorld();
    world.traits.maxRequests = 4;
    expect(await packed({ maxRequestsPerJob: 5 }, world)).toEqual([4, 2]);
  });

  it("is refused below what the provider takes at least", async () => {
    const world = openWorld();
    world.traits.minRequests = 3;
    expect(await packed({ maxRequestsPerJob: 3 }, world)).toEqual([3, 3]);
    const other = openWorld();
    other.traits.minRequests = 3;
    const error = await refusal({ maxRequestsPerJob: 2 }, other);
    expect(error.code).toBe("invalid_option");
    expect(error.message).toContain("`maxRequestsPerJob` is 2");
    expect(error.message).toContain("no fewer than 3");
  });

  it("that fits no cut with the provider's minimum is named, and nothing is sent", async () => {
    const world = openWorld();
    world.traits.minRequests = 4;
    const error = await refusal({ maxRequestsPerJob: 5 }, world);
    expect(error).toMatchObject({
      code: "invalid_request",
      problems: [{ line: 1, customId: "a", code: "too_few_requests" }],
    });
    expect(error.message).toContain("`maxRequestsPerJob` (5)");
  });
});

describe("maxBytesPerJob", () => {
  it("is the most bytes a job's input gets, line ends included", async () => {
    expect(await packed({ maxBytesPerJob: lineBytes * 6 })).toEqual([6]);
    expect(await packed({ maxBytesPerJob: lineBytes * 6 - 1 })).toEqual([5, 1]);
  });

  it("never lifts the provider's limit", async () => {
    const world = openWorld();
    world.traits.maxBytes = lineBytes * 2;
    expect(await packed({ maxBytesPerJob: lineBytes * 3 }, world)).toEqual([2, 2, 2]);
  });

  it("counts a short url as the full one that is sent", async () => {
    const short = ids.map((id) => `${line(id, { url: "/chat/completions" })}\n`).join("");
    expect(await packed({ maxBytesPerJob: lineBytes * 6 }, openWorld(), short)).toEqual([6]);
    expect(await packed({ maxBytesPerJob: lineBytes * 6 - 1 }, openWorld(), short)).toEqual([5, 1]);
  });

  it("is named where one request is larger", async () => {
    expect(await packed({ maxBytesPerJob: lineBytes })).toEqual([1, 1, 1, 1, 1, 1]);
    const error = await refusal({ maxBytesPerJob: lineBytes - 1 });
    expect(error.total).toBe(6);
    expect(error.problems?.[0]).toEqual({
      line: 1,
      customId: undefined,
      code: "line_too_large",
      message: `Line 1: it has ${lineBytes} bytes with its line end; \`maxBytesPerJob\` is ${lineBytes - 1}.`,
    });
  });

  it("is not named where the request is larger than the provider takes", async () => {
    const world = openWorld();
    world.traits.maxBytes = lineBytes - 1;
    const error = await refusal({ maxBytesPerJob: lineBytes - 2 }, world);
    expect(error.message).toContain(`the provider takes at most ${lineBytes - 2}.`);
  });
});

describe("the provider's limit on a request", () => {
  it("takes one that is as long, not one that is longer", async () => {
    const world = openWorld();
    world.traits.maxLineBytes = lineBytes - 1;
    expect(await packed({}, world)).toEqual([6]);
    const stricter = openWorld();
    stricter.traits.maxLineBytes = lineBytes - 2;
    expect(await refusal({}, stricter)).toMatchObject({ total: 6 });
  });

  it("leaves room for the line end in the job, also where it is as large as the job's", async () => {
    const world = openWorld();
    Object.assign(world.traits, { maxLineBytes: lineBytes, maxBytes: lineBytes });
    expect(await packed({}, world)).toEqual([1, 1, 1, 1, 1, 1]);
    const stricter = openWorld();
    Object.assign(stricter.traits, { maxLineBytes: lineBytes - 1, maxBytes: lineBytes - 1 });
    expect((await refusal({}, stricter)).problems?.[0]).toMatchObject({ code: "line_too_large" });
  });

  it("counts a short url as the full one that is sent", async () => {
    const short = `${line("a", { url: "/chat/completions" })}\n`;
    const world = openWorld();
    world.traits.maxLineBytes = lineBytes - 1;
    expect(await packed({}, world, short)).toEqual([1]);
    const stricter = openWorld();
    stricter.traits.maxLineBytes = lineBytes - 2;
    expect((await refusal({}, stricter, short)).problems).toMatchObject([
      { line: 1, customId: "a", code: "line_too_large" },
    ]);
  });
});

describe("maxTokensPerJob", () => {
  it("counts a token for every four bytes of a line, rounded up", async () => {
    const tokens = Math.ceil((lineBytes - 1) / 4);
    expect(await packed({ maxTokensPerJob: tokens * 6 })).toEqual([6]);
    expect(await packed({ maxTokensPerJob: tokens * 6 - 1 })).toEqual([5, 1]);
  });

  it("counts as `estimateTokens` says, which gets the request", async () => {
    const seen: RequestLine[] = [];
    const estimateTokens = (request: RequestLine) => {
      seen.push(request);
      return request.custom_id === "c" ? 2.5 : 1;
    };
    expect(await packed({ maxTokensPerJob: 4, estimateTokens })).toEqual([2, 2, 2]);
    expect(seen).toEqual(ids.map((id) => chatLine(id)));
  });

  it("is the only reason to ask `estimateTokens`", async () => {
    const estimateTokens = () => {
      throw new Error("not asked");
    };
    expect(await packed({ estimateTokens })).toEqual([6]);
  });

  it("refuses a request that has more alone", async () => {
    const estimateTokens = ({ custom_id }: RequestLine) => (custom_id === "b" ? 11 : 10);
    const error = await refusal({ maxTokensPerJob: 10, estimateTokens });
    expect(error.problems).toEqual([
      {
        line: 2,
        customId: "b",
        code: "too_many_tokens",
        message: "Line 2: it has 11 tokens as they are estimated; `maxTokensPerJob` is 10.",
      },
    ]);
  });

  it.each([
    [() => Number.NaN, "gave NaN"],
    [() => Number.POSITIVE_INFINITY, "gave Infinity"],
    [() => -1, "gave -1"],
    [() => "7", 'gave "7"'],
    [() => undefined, "gave a value of the type undefined"],
    [async () => 7, "gave a promise"],
    [() => Promise.reject(new Error("late")), "gave a promise"],
    [
      () => {
        throw new Error("no tokenizer");
      },
      "failed: no tokenizer",
    ],
  ])("names the line of which an estimate is of no use (%#)", async (estimate, words) => {
    const estimateTokens = ((request: RequestLine) =>
      request.custom_id === "d" ? estimate() : 1) as () => number;
    const error = await refusal({ maxTokensPerJob: 10, estimateTokens });
    expect(error).toMatchObject({ code: "invalid_option", line: 4, customId: "d" });
    expect(error.message).toContain(`Line 4: \`estimateTokens\` ${words}`);
  });
});

describe("a limit of no use", () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null])(
    "(%j) is refused with its name and value",
    (value) => {
      for (const name of ["maxRequestsPerJob", "maxBytesPerJob", "maxTokensPerJob"]) {
        const options = { ...optionsOf(openWorld()), [name]: value };
        expect(() => new TestBatch("input.jsonl", options)).toThrow(
          expect.objectContaining({
            code: "invalid_option",
            message: expect.stringContaining(
              `\`${name}\` is ${typeof value === "string" ? `"${value}"` : value};`,
            ),
          }),
        );
      }
    },
  );

  it("is an estimate that is no function", () => {
    const options = { ...optionsOf(openWorld()), estimateTokens: 4 as never };
    expect(() => new TestBatch("input.jsonl", options)).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });
});
