/** An object whose fields nobody has checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether `value` is an object and no list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` where it is a text that says something, else `undefined`. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
