import { readFile } from "node:fs/promises";
import Anthropic from "@anthropic-ai/sdk";
import { reportWork } from "../measure-child.js";

const [path = "", baseURL = ""] = process.argv.slice(2);

await reportWork(async () => {
  const client = new Anthropic({ apiKey: "unused", baseURL, timeout: 3_600_000 });
  // In pieces: a file that holds more than half a gigabyte does not fit into one string.
  const requests = (await readFile(path, "utf8")).trimEnd().split("\n").map(toRequest);
  await client.messages.batches.create({ requests });
});

/** What everybody writes who does it by hand. */
function toRequest(line: string): Anthropic.Messages.BatchCreateParams.Request {
  const { custom_id, body } = JSON.parse(line);
  const [{ content: system }, ...messages] = body.messages;
  const { model, max_tokens } = body;
  return { custom_id, params: { model, max_tokens, system, messages } };
}
