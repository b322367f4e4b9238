import { startFakeOpenAI } from "@langbatch/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf } from "./support/error-of.js";
import { context, shard } from "./support/provider-input.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the key", () => {
  it("is missed at the first call, and not before", async () => {
    vi.stubEnv("OPENAI_API_KEY", undefined);
    const provider = openai({ baseURL: "http://127.0.0.1:9/v1" });
    expect((await provider.traits(context)).maxRequests).toBe(50_000);
    const error = await errorOf(collect(provider.get(["batch_1"], context)));
    expect(error.code).toBe("missing_setting");
    expect(error.message).toContain("OPENAI_API_KEY");
  });

  it("and the address come from the environment where no option gives them", async () => {
    const server = await startFakeOpenAI({ apiKey: "sk-from-environment" });
    const provider = openai();
    try {
      vi.stubEnv("OPENAI_API_KEY", "sk-from-environment");
      vi.stubEnv("OPENAI_BASE_URL", server.url);
      await provider.upload?.(shard(), context);
      expect(server.files).toHaveLength(1);
    } finally {
      await server.close();
    }
  });

  it("comes from the option first", async () => {
    const server = await startFakeOpenAI({ apiKey: "sk-from-option" });
    vi.stubEnv("OPENAI_API_KEY", "sk-from-environment");
    try {
      const provider = openai({ apiKey: "sk-from-option", baseURL: server.url });
      await provider.upload?.(shard(), context);
      expect(server.files).toHaveLength(1);
    } finally {
      await server.close();
    }
  });

  it.each([
    ["a line break in it", "sk-canary\nsk-other-canary"],
    ["a letter that no header takes", "sk-canary…"],
  ])("is not shown where it cannot be sent because of %s", async (_, apiKey) => {
    const provider = openai({ apiKey, baseURL: "http://127.0.0.1:9/v1" });
    const error = await errorOf(provider.upload?.(shard(), context));
    expect(error.code).toBe("invalid_option");
    expect(`${error} ${error.cause}`).not.toContain("canary");
  });
});

describe("the address", () => {
  it("is named where it is none, and where it leaves out the version", async () => {
    const none = await errorOf(
      openai({ apiKey: "sk-any", baseURL: "localhost" }).upload?.(shard(), context),
    );
    expect(none.code).toBe("invalid_option");
    expect(none.message).toContain('"localhost"');

    const server = await startFakeOpenAI();
    try {
      const baseURL = server.url.replace(/\/v1$/, "");
      const short = await errorOf(openai({ apiKey: "sk-any", baseURL }).upload?.(shard(), context));
      expect(short).toMatchObject({ code: "rejected", status: 404 });
      expect(short.message).toContain("/v1");
    } finally {
      await server.close();
    }
  });
});
