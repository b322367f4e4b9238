import { memoryStorage } from "@langbatch/core";
import { OpenAIChatCompletionBatch } from "@langbatch/openai";
import { describe, expect, it } from "vitest";
import { chatLine, openHarness } from "./support/open-harness.js";

describe("a batch from a JSONL file", () => {
  it("brings home one result for each request, in input order", async () => {
    const { server, options, file } = await openHarness({
      answer: ({ custom_id }) =>
        custom_id === "b" ? { kind: "fail", status: 400, code: "bad", message: "no" } : { kind: "succeed" },
    });
    const batch = new OpenAIChatCompletionBatch(
      await file(chatLine("a"), chatLine("b"), chatLine("c")),
      options,
    );
    expect(await batch.getStatus()).toBe("created");
    await batch.start();
    expect(await batch.getStatus()).toBe("validating");
    await expect(batch.getResults()).rejects.toMatchObject({ code: "not_ready" });
    expect(await batch.wait()).toBe("completed");
    const { successful, unsuccessful } = await batch.getResults();
    expect(successful.map(({ custom_id }) => custom_id)).toEqual(["a", "c"]);
    expect(successful[0]?.choices[0]?.message.content).toEqual(expect.any(String));
    expect(unsuccessful).toMatchObject([{ custom_id: "b", error: { code: "bad", message: "no" } }]);
    expect(server.jobs).toHaveLength(1);
  });
});
