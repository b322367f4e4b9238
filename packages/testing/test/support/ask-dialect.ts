import { text } from "node:stream/consumers";
import type OpenAI from "openai";
import { APIError } from "openai";
import type { FakeOpenAI } from "../../src/index.js";

/** An object of the API, as it comes. */
export type Shown = Readonly<Record<string, unknown>>;

/** A request line that ends. */
export function line(customId: string, body: object = {}): string {
  const whole = { model: "m", messages: [{ role: "user", content: "x" }], ...body };
  const url = "/v1/chat/completions";
  return `${JSON.stringify({ custom_id: customId, method: "POST", url, body: whole })}\n`;
}

/** Uploads an input and gives its id. */
export async function upload(
  client: OpenAI,
  content: string,
  fields: object = {},
): Promise<string> {
  const file = new File([content], "input.jsonl");
  const { id } = await client.files.create({ file, purpose: "batch", ...fields });
  return id;
}

/** Uploads an input as Together wants it and gives its id. */
export async function uploadThere(
  client: OpenAI,
  content: string,
  fields: Readonly<Record<string, string>> = { purpose: "batch-api", file_name: "input.jsonl" },
): Promise<string> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("file", new File([content], "input.jsonl"));
  const { id } = (await client.post("/files/upload", { body })) as { readonly id: string };
  return id;
}

/** What a create is answered with, as it comes. */
export async function create(
  client: OpenAI,
  input_file_id: string,
  more: object = {},
): Promise<Shown> {
  return (await client.batches.create({
    input_file_id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
    metadata: { team: "search" },
    ...more,
  })) as unknown as Shown;
}

/** Creates a batch of these lines. */
export async function run(client: OpenAI, content: string): Promise<Shown> {
  return create(client, await upload(client, content));
}

/** The batch a day later. */
export async function ended({ clock }: FakeOpenAI, client: OpenAI, id: unknown): Promise<Shown> {
  clock.advance(86_400_000);
  return (await client.batches.retrieve(String(id))) as unknown as Shown;
}

/** The rows of a result file. */
export async function rows(client: OpenAI, id: unknown): Promise<Shown[]> {
  const { body } = await client.files.content(String(id));
  const content = body ? await text(body) : "";
  return content.split("\n").flatMap((row) => (row === "" ? [] : [JSON.parse(row)]));
}

/** The error that the SDK makes of a refusal. */
export async function refusal(work: Promise<unknown>): Promise<APIError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof APIError) return error;
  throw error;
}
