import { describe, expect, it } from "vitest";
import { estimateTokens } from "../src/estimate-tokens.js";

describe("estimating tokens", () => {
  it.each([
    ['{"model":"m"}', 4],
    ['{"max_completion_tokens":100}', 108],
    ['{"max_tokens":100}', 105],
    ['{"max_output_tokens":100}', 107],
    ['{"max_tokens":7,"max_completion_tokens":100}', 111],
    ['{"max_completion_tokens":null,"max_tokens":5}', 17],
    ['{"max_tokens":"many"}', 6],
    ['{"max_tokens":-5}', 5],
    ['{"messages":[{"max_tokens":500}]}', 9],
  ])("takes %s for %i", (body, tokens) => {
    expect(estimateTokens(Buffer.from(body))).toBe(tokens);
  });
});
