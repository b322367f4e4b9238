import { defineConfig } from "vitest/config";

// Sibling packages are read from source: tests never need a build.
const conditions = ["@langbatch/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "examples/test/**/*.test.ts"],
    // By default one processor is left out, which of two is half of them.
    maxWorkers: "100%",
    // Nothing here waits for time to pass; a slow machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ["packages/*/src/**"], reporter: ["text-summary", "text"] },
  },
});
