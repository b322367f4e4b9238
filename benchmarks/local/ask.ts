/** As much of a request line as a loop needs. */
export interface ChatRequestLine {
  readonly custom_id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** As much of an answer as anybody looks at here. */
export interface ChatAnswer {
  readonly id: string;
}

/** Asks with `fetch`, as everybody writes it. */
export async function askWithFetch(baseURL: string, line: ChatRequestLine): Promise<ChatAnswer> {
  const response = await fetch(`${baseURL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(line.body),
  });
  if (!response.ok) throw new Error(`The endpoint answered ${response.status}.`);
  return (await response.json()) as ChatAnswer;
}

/** The line of a results file, with its line end. */
export function resultText({ custom_id }: ChatRequestLine, body: ChatAnswer): string {
  return `${JSON.stringify({ custom_id, response: { status_code: 200, body }, error: null })}\n`;
}
