import type OpenAI from "openai";

export const chat = "/v1/chat/completions";

export const order = { endpoint: chat, completion_window: "24h" } as const;

/** The window of {@link order} in milliseconds: by its end every batch has ended. */
export const oneDay = 86_400_000;

export async function upload(
  client: OpenAI,
  data: string | Uint8Array,
  name = "input.jsonl",
): Promise<OpenAI.FileObject> {
  return client.files.create({ file: new File([data], name), purpose: "batch" });
}

export async function createBatch(
  client: OpenAI,
  text: string,
  options: Partial<OpenAI.BatchCreateParams> = {},
): Promise<OpenAI.Batch> {
  const { id } = await upload(client, text);
  return client.batches.create({ input_file_id: id, ...order, ...options });
}
