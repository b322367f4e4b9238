import OpenAI, { AzureOpenAI } from "openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AzureOpenAIOptions, clientOf, isDated } from "../src/azure-openai-options.js";

const names = [
  ...["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "OPENAI_API_VERSION"],
  ...["AZURE_API_BASE", "AZURE_API_KEY", "AZURE_API_VERSION"],
  ...["OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"],
];

beforeEach(() => {
  for (const name of names) vi.stubEnv(name, "");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const endpoint = "https://mine.openai.azure.com";

describe("a client made from options", () => {
  it("asks the v1 API of the resource, however its address is written", () => {
    const addresses = ["", "/", "/openai", "/openai/", "/openai/v1", "/openai/v1/"];
    for (const path of addresses) {
      const client = clientOf({ endpoint: `${endpoint}${path}`, apiKey: "key" });
      expect(client).not.toBeInstanceOf(AzureOpenAI);
      expect(client.baseURL).toBe(`${endpoint}/openai/v1`);
    }
  });

  it("asks the classic API with a dated version", () => {
    const options = { endpoint, apiKey: "key", apiVersion: "2024-10-21" };
    const client = clientOf(options);
    expect(client).toBeInstanceOf(AzureOpenAI);
    expect(client.baseURL).toBe(`${endpoint}/openai`);
    expect(isDated(options)).toBe(true);
    expect(isDated({ endpoint, apiKey: "key", apiVersion: "preview" })).toBe(false);
  });

  it("reads Azure's names in the environment, then those of the Python package", () => {
    vi.stubEnv("AZURE_API_BASE", "https://old.openai.azure.com/");
    vi.stubEnv("AZURE_API_KEY", "old-key");
    vi.stubEnv("AZURE_API_VERSION", "2024-02-01");
    expect(clientOf({})).toMatchObject({
      baseURL: "https://old.openai.azure.com/openai",
      apiKey: "old-key",
      apiVersion: "2024-02-01",
    });
    vi.stubEnv("AZURE_OPENAI_ENDPOINT", endpoint);
    vi.stubEnv("AZURE_OPENAI_API_KEY", "new-key");
    vi.stubEnv("OPENAI_API_VERSION", "2024-10-21");
    expect(clientOf({})).toMatchObject({
      baseURL: `${endpoint}/openai`,
      apiKey: "new-key",
      apiVersion: "2024-10-21",
    });
  });

  it("is not led astray by what is meant for OpenAI", () => {
    vi.stubEnv("OPENAI_BASE_URL", "https://elsewhere.example/v1");
    vi.stubEnv("OPENAI_ORG_ID", "org-1");
    for (const apiVersion of ["v1", "2024-10-21"]) {
      const client = clientOf({ endpoint, apiKey: "key", apiVersion });
      expect(client.baseURL).toContain("mine.openai.azure.com");
      expect(client.organization).toBeNull();
    }
  });

  it("takes tokens in place of a key, and minds no key in the environment then", () => {
    vi.stubEnv("AZURE_OPENAI_API_KEY", "key");
    const azureADTokenProvider = async () => "token";
    for (const apiVersion of ["v1", "2024-10-21"]) {
      expect(clientOf({ endpoint, azureADTokenProvider, apiVersion }).apiKey).not.toBe("key");
    }
  });
});

describe("options that cannot work", () => {
  const wrong: readonly (readonly [string, AzureOpenAIOptions, string, RegExp])[] = [
    ["no address", { apiKey: "k" }, "missing_setting", /AZURE_OPENAI_ENDPOINT/],
    ["no key", { endpoint }, "missing_setting", /AZURE_OPENAI_API_KEY/],
    ["no real address", { endpoint: "mine", apiKey: "k" }, "invalid_option", /"mine".*https:/],
    [
      "a key and tokens",
      { endpoint, apiKey: "k", azureADTokenProvider: async () => "t" },
      "invalid_option",
      /one of them/,
    ],
    [
      "a client with a deployment",
      { client: new AzureOpenAI({ endpoint, apiKey: "k", apiVersion: "v", deployment: "d" }) },
      "invalid_option",
      /pass `deployment` in `batchKwargs`/,
    ],
  ];

  it.each(wrong)("%s", (_name, options, code, message) => {
    expect(() => clientOf(options)).toThrow(
      expect.objectContaining({
        code,
        provider: "azure-openai",
        message: expect.stringMatching(message),
      }),
    );
  });
});

it("takes a ready client as it is", () => {
  const client = new OpenAI({ baseURL: `${endpoint}/openai/v1`, apiKey: "k" });
  expect(clientOf({ client })).toBe(client);
});
