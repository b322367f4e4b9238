import type OpenAI from "openai";

export interface ResultLine {
  custom_id: string;
  response: { status_code: number; body: Record<string, unknown> } | null;
  error: { code: string; message: string } | null;
}

export async function resultsOf(client: OpenAI, fileId: string | undefined): Promise<ResultLine[]> {
  const text = await (await client.files.content(String(fileId))).text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

export function idsOf(lines: readonly ResultLine[]): string[] {
  return lines.map((line) => line.custom_id);
}
