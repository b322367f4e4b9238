import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { useSandbox } from "./sandbox.js";

const sandbox = useSandbox();

/** What is used of a request's body here. */
interface Body {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
}

describe("local-server.ts", { timeout: 120_000 }, () => {
  it("has a server answer the requests of a file, and asks it only once", async () => {
    const server = await startServer();
    sandbox.env = { ...sandbox.env, LANGBATCH_BASE_URL: server.url };
    const first = await sandbox.run("local-server.ts", "examples/requests.jsonl", "llama3.2");
    expect(first).toContain("completed: 3 of 3\n");
    expect(first).toContain("totalTokens: 21");
    expect(server.asked.map(({ model }) => model)).toEqual(["llama3.2", "llama3.2", "llama3.2"]);

    const path = first.trimEnd().split("\n").at(-1) ?? "";
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).custom_id)).toEqual([
      "haiku-spring",
      "haiku-summer",
      "haiku-autumn",
    ]);
    expect(lines[1]).toContain("You said: Write a haiku about summer.");

    const again = await sandbox.run("local-server.ts", "examples/requests.jsonl", "llama3.2");
    expect(again).toContain("3 of 3 done");
    expect(again.trimEnd().split("\n").at(-1)).toBe(path);
    expect(server.asked).toHaveLength(3);
  });

  it("sends the file as it is where no model is named", async () => {
    const server = await startServer();
    sandbox.env = { ...sandbox.env, LANGBATCH_BASE_URL: server.url };
    const output = await sandbox.run("local-server.ts", "examples/requests.jsonl");
    expect(output).toContain("completed: 3 of 3\n");
    expect(server.asked[0]?.model).toBe("gpt-5-mini");
  });
});

describe("local-llama.ts", { timeout: 120_000 }, () => {
  const { LANGBATCH_GGUF, LANGBATCH_LLAMA_CPP } = process.env;

  it("says what is missing", async () => {
    expect(await sandbox.run("local-llama.ts")).toBe(
      "Set LANGBATCH_GGUF to the path of a model in the GGUF format.\n",
    );
    const gguf = join(sandbox.folder, "model.gguf");
    sandbox.env = { ...sandbox.env, LANGBATCH_GGUF: gguf };
    expect(await sandbox.run("local-llama.ts")).toBe(
      `There is no file ${gguf}; set LANGBATCH_GGUF to a model in the GGUF format.\n`,
    );
    await writeFile(gguf, "GGUF");
    const empty = join(sandbox.folder, "empty");
    await mkdir(empty);
    sandbox.env = { ...sandbox.env, LANGBATCH_LLAMA_CPP: empty };
    expect(await sandbox.run("local-llama.ts")).toContain(`There is no node-llama-cpp in ${empty}`);
  });

  it("goes on with six stories, and reads them again without the model", async ({ skip }) => {
    skip(
      !LANGBATCH_GGUF || !LANGBATCH_LLAMA_CPP,
      "needs LANGBATCH_GGUF, a model, and LANGBATCH_LLAMA_CPP, a folder with node-llama-cpp",
    );
    sandbox.env = { ...sandbox.env, LANGBATCH_GGUF, LANGBATCH_LLAMA_CPP };
    const first = await sandbox.run("local-llama.ts");
    expect(first).toContain("completed 6\n");
    expect(first).toMatch(/^Tom and his mom went to the sea\. … ?[A-Z"]/m);
    const again = await sandbox.run("local-llama.ts");
    expect(again).toBe(first.slice(first.indexOf("completed 6\n")));
  });
});

interface Server {
  readonly url: string;
  readonly asked: readonly Body[];
}

/** A server as small as one can be that speaks OpenAI's chat completions. */
async function startServer(): Promise<Server> {
  const asked: Body[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await json(request)) as Body;
    asked.push(body);
    const content = `You said: ${body.messages[0]?.content}`;
    response.setHeader("content-type", "application/json").end(
      JSON.stringify({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: body.model,
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
        usage: { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked };
}
