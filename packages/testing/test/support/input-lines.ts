import { chat } from "./batch-order.js";

export function requestLine(custom_id: string, change: object = {}): string {
  return JSON.stringify({ custom_id, method: "POST", url: chat, body: { model: "m" }, ...change });
}

/** Requests `r0`, `r1` and so on, each in a line that ends. */
export function chatLines(count: number): string {
  const line = (id: number): string =>
    requestLine(`r${id}`, {
      body: { model: "gpt-test", messages: [{ role: "user", content: `number ${id}` }] },
    });
  return Array.from({ length: count }, (_, id) => `${line(id)}\n`).join("");
}
