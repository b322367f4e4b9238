import Anthropic from "@anthropic-ai/sdk";
import { onTestFinished } from "vitest";
import {
  type FakeAnthropic,
  type FakeAnthropicOptions,
  type Outcome,
  startFakeAnthropic,
} from "../../src/fake-anthropic.js";

/** The window of a batch in milliseconds: by its end every batch has ended. */
export const oneDay = 86_400_000;

/** What the client of {@link startFake} sends, for requests that go around it. */
export const headers = {
  "x-api-key": "test",
  "anthropic-version": "2023-06-01",
  "content-type": "application/json",
} as const;

type Requests = Anthropic.Messages.BatchCreateParams.Request[];

/** A server that is closed when the test ends, and a client that asks it once. */
export async function startFake(
  options?: FakeAnthropicOptions,
): Promise<{ fake: FakeAnthropic; client: Anthropic }> {
  const fake = await startFakeAnthropic(options);
  onTestFinished(() => fake.close());
  return { fake, client: connect(fake, "test") };
}

/** A client of the server that asks once, with this key. */
export function connect(fake: FakeAnthropic, apiKey: string): Anthropic {
  return new Anthropic({ apiKey, baseURL: fake.url, maxRetries: 0 });
}

/** An answer script by custom_id; the other requests succeed. */
export function script(outcomes: Readonly<Record<string, Outcome>>): FakeAnthropicOptions {
  return { answer: ({ custom_id }) => outcomes[custom_id] ?? { kind: "succeed" } };
}

/** So many requests, `r0` to `r<n-1>`, each of which says something of its own. */
export function requests(count: number): Requests {
  return Array.from({ length: count }, (_, index) => ({
    custom_id: `r${index}`,
    params: {
      model: "claude-test",
      max_tokens: 64,
      messages: [{ role: "user", content: `text ${index}` }],
    },
  }));
}

/** Creates a batch of so many requests. */
export async function create(
  client: Anthropic,
  count: number,
): Promise<Anthropic.Messages.MessageBatch> {
  return client.messages.batches.create({ requests: requests(count) });
}

/** All results of a batch, as the SDK reads them. */
export async function resultsOf(
  client: Anthropic,
  id: string,
): Promise<Anthropic.Messages.MessageBatchIndividualResponse[]> {
  const results: Anthropic.Messages.MessageBatchIndividualResponse[] = [];
  for await (const line of await client.messages.batches.results(id)) results.push(line);
  return results;
}

/** The lines of a batch's results, as they come. */
export async function resultLines(fake: FakeAnthropic, id: string): Promise<string[]> {
  const answer = await fetch(`${fake.url}/v1/messages/batches/${id}/results`, { headers });
  return (await answer.text()).trimEnd().split("\n");
}
