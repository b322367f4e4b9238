import OpenAI from "openai";
import { onTestFinished } from "vitest";
import { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from "../../src/index.js";

/** What the client of {@link startFake} sends, for requests that go around it. */
export const authorization = "Bearer test";

/** A server that is closed when the test ends, and a client that asks it once. */
export async function startFake(
  options?: FakeOpenAIOptions,
): Promise<{ fake: FakeOpenAI; client: OpenAI }> {
  const fake = await startFakeOpenAI(options);
  onTestFinished(() => fake.close());
  return { fake, client: new OpenAI({ apiKey: "test", baseURL: fake.url, maxRetries: 0 }) };
}
