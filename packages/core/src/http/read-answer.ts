/** The most that is read of an answer: a job has some thousand characters. */
const mostCharacters = 1_000_000;

/** The answer to a create, as far as it came. */
export interface ReadAnswer {
  readonly text: string;
  /** What it says, where it is JSON. */
  readonly json: unknown;
  /** Why the rest did not come. */
  readonly cause?: unknown;
}

/**
 * Reads an answer without an SDK, which keeps nothing of one that it cannot read, and to which any text
 * is one. What is whole is whole, also where the connection broke behind it.
 */
export async function readAnswer(response: Pick<Response, "body">): Promise<ReadAnswer> {
  let text = "";
  let cause: unknown;
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > mostCharacters) break;
    }
  } catch (error) {
    cause = error;
  }
  return { text, json: parse(text), ...(cause !== undefined && { cause }) };
}

/** Without the error of what is no JSON, which quotes the text and perhaps a key in it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
