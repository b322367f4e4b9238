import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@langbatch/core";
import { expect, it } from "vitest";

it("exports exactly this", () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "Batch",
      "LangBatchError",
      "arrayElements",
      "assertStorageKey",
      "assertStoragePrefix",
      "chatCompletions",
      "completions",
      "customIdOf",
      "embeddings",
      "memoryStorage",
      "moderations",
      "readLines",
      "recoverAll",
      "responses",
      "stateDirectory",
      "topLevelValue",
    ]
  `);
});

it("imports nothing but Node and itself", () => {
  const folder = fileURLToPath(new URL("../src/", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(40);
  for (const file of sources) {
    const source = readFileSync(join(folder, file), "utf8");
    for (const [, from = ""] of source.matchAll(/from "([^"]+)"/g)) {
      expect(from, file).toMatch(/^(\.{1,2}\/|node:)/);
    }
  }
});
