import type { Shown } from "./dialect.js";

/** What went wrong with a request that was answered with an error, as a code and a message. */
export function errorOfAnswer({ response }: Shown): Shown | undefined {
  const { status_code: status, body } = (response ?? {}) as Shown;
  if (typeof status !== "number" || status < 300) return undefined;
  const { code, type, message } = (body as Shown).error as Shown;
  return { code: code ?? type, message };
}
