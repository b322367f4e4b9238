/** The beginning of a text, on one line. */
export function excerpt(text: string, mostCharacters = 200): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters)}…`;
}
