/**
 * JSON on one line, with the rest as it came, numbers that JavaScript cannot hold included: in JSON, a
 * line break stands only where a space may.
 */
export function oneLine(json: string): string {
  const text = json.trim();
  return /[\r\n]/.test(text) ? text.replace(/[\r\n][ \t\r\n]*/g, "") : text;
}
