import * as core from "@langbatch/core";
import { expect, it } from "vitest";

it("exports exactly this", () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "Batch",
      "LangBatchError",
      "assertStorageKey",
      "chatCompletions",
      "completions",
      "embeddings",
      "memoryStorage",
      "moderations",
      "responses",
      "stateDirectory",
    ]
  `);
});
