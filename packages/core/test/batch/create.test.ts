import type { ChatCompletionItem } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import {
  bodiesSent,
  chatLine,
  linesSent,
  openWorld,
  optionsOf,
  TestBatch,
} from "../support/world.js";

const model = "test-model";

describe("create", () => {
  it("takes a text, a list of messages, or an object with messages, whose fields win", async () => {
    const world = openWorld();
    const messages = [{ role: "user", content: "two" }] as const;
    const batch = await TestBatch.create(
      ["one", messages, { messages, temperature: 1, custom_id: "mine", new_field: true }],
      { ...optionsOf(world), requestKwargs: { model, temperature: 0 } },
    );
    await batch.start();
    expect(linesSent(world)).toEqual([
      {
        custom_id: "request-0000000001",
        method: "POST",
        url: "/v1/chat/completions",
        body: { model, temperature: 0, messages: [{ role: "user", content: "one" }] },
      },
      {
        custom_id: "request-0000000002",
        method: "POST",
        url: "/v1/chat/completions",
        body: { model, temperature: 0, messages },
      },
      {
        custom_id: "mine",
        method: "POST",
        url: "/v1/chat/completions",
        body: { model, temperature: 1, messages, new_field: true },
      },
    ]);
  });

  it("names requests uniquely, and in an order that sorting keeps", async () => {
    const world = openWorld();
    const items = Array.from({ length: 120 }, (_none, at) => `question ${at}`);
    const batch = await TestBatch.create(items, { ...optionsOf(world), requestKwargs: { model } });
    await batch.start();
    const ids = linesSent(world).map(({ custom_id }) => custom_id);
    expect(new Set(ids).size).toBe(120);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("takes iterables and async iterables, one item at a time", async () => {
    const world = openWorld();
    async function* items(): AsyncGenerator<ChatCompletionItem> {
      yield "one";
      yield "two";
    }
    const options = { ...optionsOf(world), requestKwargs: { model } };
    expect(await bodiesSent(world, await TestBatch.create(items(), options))).toHaveLength(2);
    await (await TestBatch.create(new Set(["three"]), options)).start();
    expect(linesSent(world)).toHaveLength(3);
  });

  it("stores the batch at once, so that another process can start it", async () => {
    const world = openWorld();
    const { id } = await TestBatch.create(["one"], {
      ...optionsOf(world),
      requestKwargs: { model },
    });
    const loaded = await TestBatch.load(id, optionsOf(world));
    expect(await loaded.getStatus()).toBe("created");
    expect(world.jobs).toEqual([]);
    await loaded.start();
    expect(world.jobs).toHaveLength(1);
  });

  it("names every item that is none, and stores nothing", async () => {
    const world = openWorld();
    const circle: Record<string, unknown> = { messages: [{ role: "user", content: "x" }] };
    circle.self = circle;
    let deep: unknown = 1;
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    const wrong = [
      "fine",
      7,
      { prompt: "x" },
      circle,
      { messages: [{ role: "user", content: 1n }] },
      { messages: [{ role: "user", content: "x" }], deep },
      "",
    ];
    const creating = TestBatch.create(wrong as string[], {
      ...optionsOf(world),
      requestKwargs: { model },
    });
    await expect(creating).rejects.toMatchObject({
      code: "invalid_request",
      total: 5,
      problems: [2, 3, 4, 5, 6].map((line) => ({ line, code: "invalid_item" })),
    });
    await expect(creating).rejects.toThrow(
      /^5 items cannot be sent, so nothing was sent. Item 2: /,
    );
  });

  it("refuses an item without a model, and an id given twice", async () => {
    const options = optionsOf(openWorld());
    await expect(TestBatch.create(["x"], options)).rejects.toMatchObject({
      problems: [{ line: 1, code: "missing_model" }],
    });
    const item = { custom_id: "a", model, messages: [{ role: "user", content: "x" }] } as const;
    await expect(TestBatch.create([item, item], options)).rejects.toThrow("already that of item 1");
  });

  it("says after which item the items themselves broke", async () => {
    async function* items() {
      yield "one";
      throw new Error("the database is gone");
    }
    const creating = TestBatch.create(items(), {
      ...optionsOf(openWorld()),
      requestKwargs: { model },
    });
    await expect(creating).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining("after item 1: the database is gone"),
    });
  });

  it("refuses one text in place of a list, which would be a request for each letter", async () => {
    // @ts-expect-error: a text is no list of items.
    const creating = TestBatch.create("hello", optionsOf(openWorld()));
    await expect(creating).rejects.toMatchObject({ code: "invalid_option" });
    const other = TestBatch.create(7 as never, optionsOf(openWorld()));
    await expect(other).rejects.toMatchObject({ code: "invalid_option" });
  });

  it("refuses no items at all", async () => {
    await expect(TestBatch.create([], optionsOf(openWorld()))).rejects.toThrow("the list is empty");
  });
});

describe("createFromRequests", () => {
  it("takes whole request lines as they are", async () => {
    const world = openWorld();
    const lines = [chatLine("a"), { ...chatLine("b"), url: "/chat/completions" }];
    const batch = await TestBatch.createFromRequests(lines as never[], optionsOf(world));
    await batch.start();
    expect(linesSent(world)).toEqual([chatLine("a"), chatLine("b")]);
  });

  it("refuses what is no request, and requests of another endpoint", async () => {
    const lines = ["text", { ...chatLine("b"), url: "/v1/embeddings" }];
    await expect(
      TestBatch.createFromRequests(lines as never[], optionsOf(openWorld())),
    ).rejects.toMatchObject({
      problems: [
        { line: 1, code: "invalid_item" },
        { line: 2, code: "url_mismatch" },
      ],
    });
  });
});
