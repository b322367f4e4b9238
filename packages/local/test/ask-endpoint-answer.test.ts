import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { mostAnswerBytes } from "../src/exchange.js";
import { json, startAnsweringServer } from "./support/answering-server.js";
import { never, openEndpoint, question } from "./support/open-endpoint.js";

describe("the answer of an endpoint", () => {
  it("is read to 64 MiB, and no further", async () => {
    const block = Buffer.alloc(1024 * 1024, " ");
    const server = await startAnsweringServer(({ body }, response) => {
      const blocks = Array.from({ length: mostAnswerBytes / block.length }, () => block);
      if (body.includes("more")) blocks.push(Buffer.from(" "));
      void pipeline(Readable.from(blocks), response).catch(() => undefined);
    });
    const { ask } = openEndpoint({ baseURL: server.origin });
    const whole = await ask(question, never);
    expect(whole.came === "response" && whole.text.length).toBe(mostAnswerBytes);
    expect(await ask({ ...question, body: Buffer.from('"more"') }, never)).toEqual({
      came: "no-answer",
      reason: "the answer is too long",
      isUnsent: false,
    });
  });

  it("may come in pieces that cut characters", async () => {
    const server = await startAnsweringServer((_, response) => {
      const bytes = Buffer.from('{"a":"grüß 👋"}');
      const next = (at: number) => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      response.writeHead(
        200,
        [
          ["x-ratelimit", "a"],
          ["x-ratelimit", "b"],
        ].flat(),
      );
      next(0);
    });
    const answer = await openEndpoint({ baseURL: server.origin }).ask(question, never);
    expect(answer).toMatchObject({ came: "response", text: '{"a":"grüß 👋"}' });
    const headers = answer.came === "response" ? answer.headers : undefined;
    expect(headers?.get("X-RateLimit")).toBe("a, b");
    expect(headers?.get("x-other")).toBeNull();
  });

  it("follows what is only information", async () => {
    const server = await startAnsweringServer((_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: "</a>; rel=preload" }, () => json(response, 200, { a: 1 }));
    });
    const answer = await openEndpoint({ baseURL: server.origin }).ask(question, never);
    expect(answer).toMatchObject({ came: "response", status: 200, text: '{"a":1}' });
  });

  it("may point to another path, or to nowhere", async () => {
    const locations: Record<string, string> = {
      "/old/chat/completions": "/v1/chat/completions/",
      "/login/chat/completions": "https://login.example.com/start?token=canary",
      "/none/chat/completions": "",
      "/odd/chat/completions": "http://[",
    };
    const server = await startAnsweringServer(({ path = "" }, response) => {
      const location = locations[path];
      response.writeHead(307, location ? { location } : {});
      response.end();
    });
    const { origin } = server;
    const remedies = [];
    for (const base of ["old", "login", "none", "odd"]) {
      const answer = await openEndpoint({ baseURL: `${origin}/${base}` }).ask(question, never);
      remedies.push(answer.came === "refused-here" && answer.message.split("followed. ")[1]);
    }
    expect(remedies).toEqual([
      `Use ${origin}/v1 as \`baseURL\`.`,
      "It points to https://login.example.com/start.",
      "Use the address it redirects to.",
      "Use the address it redirects to.",
    ]);
  });

  it("does not come after the end", async () => {
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await startAnsweringServer(() => asked());
    const { ask, close } = openEndpoint({ baseURL: server.origin });
    const answer = ask(question, never);
    await isAsked;
    await close();
    expect(await answer).toMatchObject({ came: "no-answer", isUnsent: false });
    expect(await ask(question, never)).toMatchObject({ came: "no-answer", isUnsent: false });
  });
});
