import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AnthropicChatCompletionBatch, AnthropicMessageBatch } from "../src/index.js";
import { chatLine, openAnthropic } from "./support/open-anthropic.js";

describe("a batch of chat completions", () => {
  it("goes from an OpenAI file to OpenAI results, in input order, under the user's ids", async () => {
    const { server, options, file, folder } = await openAnthropic({
      answer: ({ params }) =>
        JSON.stringify(params).includes("Question b")
          ? { kind: "error", type: "invalid_request_error", message: "max_tokens: too large" }
          : { kind: "succeed" },
    });
    const ids = ["a", "b", 'umlaut ü and "quotes", longer than 64 characters'.padEnd(100, "x")];
    const path = await file(...ids.map((id) => chatLine(id)));
    const batch = new AnthropicChatCompletionBatch(path, options);
    await batch.start();
    const later = await AnthropicChatCompletionBatch.load(batch.id, options);
    expect(await later.wait()).toBe("completed");

    const { successful, unsuccessful } = await later.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual([ids[0], ids[2]]);
    expect(successful[0]?.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { role: "assistant", content: expect.stringContaining("Question a") },
    });
    expect(successful[0]?.usage?.total_tokens).toBeGreaterThan(0);
    expect(unsuccessful).toMatchObject([
      {
        custom_id: "b",
        error: { code: "invalid_request_error", message: "max_tokens: too large" },
      },
    ]);
    expect(server.jobs).toHaveLength(1);

    const results = await later.getResultsFile({ path: join(folder, "out.jsonl") });
    const lines = (await readFile(results, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).custom_id)).toEqual(ids);
  });

  it("sends requests under ids of ours, which say nothing of the user's", async () => {
    const { server, options, file } = await openAnthropic();
    const path = await file(chatLine("mail of ada@example.org"), chatLine("b"));
    await new AnthropicChatCompletionBatch(path, options).start();
    const sent = await server.inputOf(server.jobs[0]?.id ?? "");
    expect(sent.map(({ custom_id }) => custom_id)).toEqual([
      expect.stringMatching(/^[a-z0-9]{20}R0N0$/),
      expect.stringMatching(/^[a-z0-9]{20}R0N1$/),
    ]);
    expect(sent[0]?.params).toEqual({
      model: "claude-sonnet-5-5",
      max_tokens: 4096,
      messages: [{ role: "user", content: "Question mail of ada@example.org" }],
    });
  });

  it("says of each line what Claude cannot take, and sends nothing", async () => {
    const { server, options, file } = await openAnthropic();
    const path = await file(chatLine("a"), chatLine("b", { seed: 1 }), chatLine("c", { n: 2 }));
    const error = await new AnthropicChatCompletionBatch(path, options)
      .start()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_request", total: 2 });
    expect(error).toMatchObject({
      problems: [
        { line: 2, customId: "b", code: "unsupported_field" },
        { line: 3, customId: "c", code: "unsupported_value" },
      ],
    });
    expect(server.jobs).toEqual([]);
  });

  it("asks again only for what has no success, in a round whose ids are others", async () => {
    let round = 0;
    const { server, options, file } = await openAnthropic({
      answer: ({ params }) =>
        round === 0 && JSON.stringify(params).includes("Question b")
          ? { kind: "error", type: "overloaded_error", message: "Overloaded" }
          : { kind: "succeed" },
    });
    const path = await file(chatLine("a"), chatLine("b"), chatLine("c"));
    const batch = new AnthropicChatCompletionBatch(path, options);
    await batch.start();
    await batch.wait();
    round = 1;
    await batch.retry();
    expect(await batch.wait()).toBe("completed");
    const { successful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "b", "c"]);
    expect(successful[1]?.choices[0]?.message.content).toContain("Question b");
    const again = await server.inputOf(server.jobs[1]?.id ?? "");
    expect(again.map(({ custom_id }) => custom_id)).toEqual([expect.stringMatching(/R1N0$/)]);
  });

  it("brings home what was answered before it was cancelled", async () => {
    const { server, options, file } = await openAnthropic({ runningMs: 100_000 });
    const path = await file(...["a", "b", "c", "d"].map((id) => chatLine(id)));
    const batch = new AnthropicChatCompletionBatch(path, options);
    await batch.start();
    server.clock.advance(60_000);
    await batch.cancel();
    expect(await batch.getStatus()).toBe("cancelling");
    expect(await batch.wait()).toBe("cancelled");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.length).toBeGreaterThan(0);
    expect(successful.length + unsuccessful.length).toBe(4);
    for (const { error } of unsuccessful) expect(error.code).toBe("batch_cancelled");
  });

  it("brings home what was answered before it expired", async () => {
    const { options, file } = await openAnthropic({
      answer: ({ index }) => ({ kind: index === 1 ? "expire" : "succeed" }),
    });
    const batch = new AnthropicChatCompletionBatch(
      await file(chatLine("a"), chatLine("b")),
      options,
    );
    await batch.start();
    expect(await batch.wait()).toBe("expired");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a"]);
    expect(unsuccessful).toMatchObject([{ custom_id: "b", error: { code: "batch_expired" } }]);
  });

  it("keeps no key in its storage", async () => {
    const { options, file, storage } = await openAnthropic();
    const batch = new AnthropicChatCompletionBatch(await file(chatLine("a")), options);
    await batch.start();
    await batch.wait();
    for await (const key of storage.list("")) {
      const record = await storage.readRecord(key);
      expect(Buffer.from(record?.value ?? []).toString()).not.toContain("sk-ant");
    }
  });
});

describe("a batch of Claude's own requests", () => {
  const requestKwargs = { model: "claude-sonnet-5-5", max_tokens: 64 };

  it("goes as it is, and answers with Claude's messages", async () => {
    const { server, options } = await openAnthropic();
    const batch = await AnthropicMessageBatch.create(["hello"], { ...options, requestKwargs });
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    const [result] = (await batch.getResults()).successful;
    expect(result?.content[0]).toMatchObject({ type: "text" });
    expect(result?.stop_reason).toBe("end_turn");
    expect(result?.response.body.type).toBe("message");
    const [sent] = await server.inputOf(server.jobs[0]?.id ?? "");
    expect(sent?.params).toEqual({
      ...requestKwargs,
      messages: [{ role: "user", content: "hello" }],
    });
  });

  it("comes from a file, too, with numbers that JavaScript cannot hold as they are", async () => {
    const { server, options, folder } = await openAnthropic();
    const params =
      '{ "model":"claude-sonnet-5-5","max_tokens":16, "messages":[{"role":"user","content":[{"type":"text","text":"12345678901234567890"}]}],"metadata":{"user_id":"u","big":12345678901234567890} }';
    const line = `{"custom_id":"a","method":"POST","url":"/v1/messages","body":${params}}`;
    const path = join(folder, "native.jsonl");
    await writeFile(path, `${line}\n`);
    const batch = new AnthropicMessageBatch(path, options);
    await batch.start();
    expect(await batch.wait()).toBe("completed");
    const [sent] = server.requests.filter(({ method }) => method === "POST");
    const [job] = server.jobs;
    const whole = `{"requests":[{"custom_id":"${job?.firstCustomId}","params":${params}}]}`;
    expect(sent?.bytes).toBe(Buffer.byteLength(whole));
    expect((await batch.getResults()).successful).toHaveLength(1);
  });

  it("gives Claude's own error of a request that it refused", async () => {
    const { options } = await openAnthropic({
      answer: () => ({ kind: "error", type: "overloaded_error", message: "Overloaded" }),
    });
    const batch = await AnthropicMessageBatch.create(["hello"], { ...options, requestKwargs });
    await batch.start();
    await batch.wait();
    const [result] = (await batch.getResults()).unsuccessful;
    expect(result?.error).toEqual({ code: "overloaded_error", message: "Overloaded" });
    expect(result?.response).toMatchObject({ status_code: 529, body: { type: "error" } });
  });

  it.each([
    [{ stream: false }, "unsupported_field"],
    [{ speed: "fast" }, "unsupported_field"],
    [{ max_tokens: 0 }, "missing_max_tokens"],
    [{ messages: [] }, "missing_messages"],
  ])("refuses what a batch cannot hold: %o", async (body, code) => {
    const { options } = await openAnthropic();
    const messages = [{ role: "user" as const, content: "hello" }];
    const item = { messages, ...body } as never;
    const made = AnthropicMessageBatch.create([item], { ...options, requestKwargs });
    await expect(made).rejects.toMatchObject({ code: "invalid_request", problems: [{ code }] });
  });

  it("is another class's batch than that of chat completions", async () => {
    const { options, file } = await openAnthropic();
    const batch = new AnthropicChatCompletionBatch(await file(chatLine("a")), options);
    await batch.save();
    await expect(AnthropicMessageBatch.load(batch.id, options)).rejects.toMatchObject({
      code: "wrong_class",
    });
  });
});
