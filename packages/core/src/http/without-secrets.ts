/** How much is kept of what came in place of an answer. */
const mostCharacters = 4096;

/** The beginning of what came in place of an answer, without the client's keys. */
export function answerExcerpt(text: string, secrets: Secrets): string {
  return withoutSecrets(text, secrets).slice(0, mostCharacters);
}

/** The keys of a client; those it does not have are left out. */
export type Secrets = readonly (string | null | undefined)[];

/** The text with `***` for keys and bearer tokens: a page in between may show the whole request. */
export function withoutSecrets(text: string, secrets: Secrets): string {
  let shown = text.replace(/\bBearer\s+[^\s"'<>&]+/gi, "Bearer ***");
  for (const secret of secrets) {
    const key = secret?.trim();
    if (key) shown = withoutTail(shown.replace(patternOf(key), "***"), key);
  }
  return shown;
}

/** The key with line breaks anywhere in it, in JSON's words too, and URL-encoded. */
function patternOf(key: string): RegExp {
  const characters = Array.from(key, (character) => {
    const literal = character.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    const encoded = encodeURIComponent(character);
    const hex = `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
    return `(?:${literal}|${encoded === character ? hex : encoded})`;
  });
  return new RegExp(characters.join("(?:\\s|\\\\[nrt])*"), "gi");
}

/** The fewest characters that tell something of a key. */
const fewestCharacters = 4;

/** An answer that was cut may end in the middle of the key. */
function withoutTail(text: string, key: string): string {
  for (let length = key.length - 1; length >= fewestCharacters; length -= 1) {
    if (text.endsWith(key.slice(0, length))) return `${text.slice(0, -length)}***`;
  }
  return text;
}
