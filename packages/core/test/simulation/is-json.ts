/** Whether a line is whole: one that was torn may end as a whole one does. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
