import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { judge } from "../src/verdict.js";
import { json, startAnsweringServer, vacantOrigin } from "./support/answering-server.js";
import { apiKey, completion, never, question, ways } from "./support/service-ways.js";

describe.each(ways)("a service asked by %s", (_name, open) => {
  it.each([301, 302, 303, 307, 308])("is not followed elsewhere: %d", async (status) => {
    const server = await startAnsweringServer((_, response) => {
      const location = `http://user:word@example.com/v1/chat/completions?key=${apiKey}`;
      response.writeHead(status, { location });
      response.end();
    });
    const asked = open(`${server.origin}/v1`);
    expect(await asked.ask(question, never)).toEqual({
      came: "refused-here",
      message: `${server.origin}/v1 redirects to another address, which is not followed. Use http://example.com/v1 as \`baseURL\`.`,
    });
    expect(server.seen).toHaveLength(1);
  });

  it("may break the connection before it answers", async () => {
    const server = await startAnsweringServer((_, _response, message) => message.socket.destroy());
    const answer = await open(server.origin).ask(question, never);
    expect(answer).toMatchObject({ came: "no-answer", isUnsent: false });
    expect(server.seen).toHaveLength(1);
  });

  it("may break a connection that was used before", async () => {
    const used = new WeakSet<object>();
    const server = await startAnsweringServer((_, response, { socket }) => {
      if (used.has(socket)) socket.destroy();
      else json(response, 200, completion);
      used.add(socket);
    });
    const { ask } = open(server.origin);
    const answers = [await ask(question, never)];
    while (answers.at(-1)?.came === "response") answers.push(await ask(question, never));
    expect(answers.at(-1)).toMatchObject({ came: "no-answer", isUnsent: false });
    expect(server.seen).toHaveLength(answers.length);
  });

  it("may break the connection within its answer", async () => {
    const server = await startAnsweringServer((_, response, message) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"id":', () => message.socket.destroy());
    });
    const answer = await open(server.origin).ask(question, never);
    expect(answer).toMatchObject({ came: "no-answer", isUnsent: false });
  });

  it("is said to be nowhere where nobody listens", async () => {
    const origin = await vacantOrigin();
    const asked = open(`${origin}/v1`);
    const answer = await asked.ask(question, never);
    expect(answer).toEqual({ came: "no-answer", reason: "ECONNREFUSED", isUnsent: true });
    const verdict = judge(answer, asked);
    expect(verdict).toMatchObject({
      is: "hopeless",
      error: {
        code: "provider_failed",
        retryable: true,
        message: `Nothing answers at ${origin}/v1: ECONNREFUSED. Start the server, or correct \`baseURL\`.`,
      },
    });
  });

  it("is said to be nowhere where the host has no address", async () => {
    const answer = await open("http://nowhere.invalid/v1").ask(question, never);
    expect(answer).toMatchObject({ came: "no-answer", isUnsent: true });
  });

  it("is said not to speak TLS where it does not", async () => {
    const server = await startAnsweringServer((_, response) => json(response, 200, completion));
    const address = `${server.origin.replace("http:", "https:")}/v1`;
    expect(await open(address).ask(question, never)).toEqual({
      came: "refused-here",
      message: `${address} does not speak TLS. Let \`baseURL\` begin with http://.`,
    });
  });

  it("is left alone once the signal is aborted, with its reason", async () => {
    let seen = () => {};
    const asked = new Promise<void>((resolve) => {
      seen = resolve;
    });
    let hungUp: Promise<unknown> | undefined;
    const server = await startAnsweringServer((_, _response, message) => {
      hungUp = once(message.socket, "close");
      seen();
    });
    const controller = new AbortController();
    const answer = open(server.origin).ask(question, controller.signal);
    await asked;
    const reason = new Error("Enough.");
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await hungUp;
  });

  it("is left alone within its answer, too", async () => {
    const controller = new AbortController();
    const server = await startAnsweringServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"id":', () => void nextTurn().then(() => controller.abort("enough")));
    });
    await expect(open(server.origin).ask(question, controller.signal)).rejects.toBe("enough");
  });

  it("sees nothing of a request whose signal is aborted before", async () => {
    const server = await startAnsweringServer((_, response) => json(response, 200, completion));
    const { ask } = open(server.origin);
    await expect(ask(question, AbortSignal.abort("no"))).rejects.toBe("no");
    const controller = new AbortController();
    const answer = ask(question, controller.signal);
    controller.abort("too late");
    await expect(answer).rejects.toBe("too late");
    await ask({ ...question, body: Buffer.from('{"model":"last"}') }, never);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(['{"model":"last"}']);
  });

  it("is not asked with a key that no header can hold, which is not shown", async () => {
    const server = await startAnsweringServer((_, response) => json(response, 200, completion));
    for (const key of [`sk-canary\n${apiKey}`, `${apiKey}“`]) {
      const answer = await open(server.origin, key).ask(question, never);
      expect(answer).toMatchObject({ came: "refused-here" });
      expect(JSON.stringify(answer)).toContain("line breaks");
      expect(JSON.stringify(answer)).not.toContain("canary");
    }
    expect(server.seen).toHaveLength(0);
  });

  it("may show the key, which nobody sees", async () => {
    const said = `You sent Bearer ${apiKey}, and "${apiKey.toUpperCase()}" is wrong.`;
    for (const status of [400, 401, 402, 403, 404, 429, 500, 503, 200]) {
      for (const body of [JSON.stringify({ error: { message: said, code: apiKey } }), said]) {
        if (status === 200 && body !== said) continue;
        const server = await startAnsweringServer((_, response) => {
          response.writeHead(status);
          response.end(body);
        });
        const asked = open(server.origin);
        const verdict = judge(await asked.ask(question, never), asked);
        const shown = JSON.stringify([verdict, verdict.is === "hopeless" && verdict.error.message]);
        expect(shown.toLowerCase()).not.toContain("canary");
      }
    }
  });
});
