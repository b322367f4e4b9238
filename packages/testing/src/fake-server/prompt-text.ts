/** All the text in a prompt: a string, a list of messages, or a message's content parts or blocks. */
export function promptText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(promptText).join("");
  if (typeof value !== "object" || value === null) return "";
  if ("content" in value) return promptText(value.content);
  return "text" in value ? promptText(value.text) : "";
}
