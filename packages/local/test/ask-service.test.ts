import { describe, expect, it } from "vitest";
import { judge } from "../src/verdict.js";
import { json, startAnsweringServer } from "./support/answering-server.js";
import { apiKey, completion, never, question, text, ways } from "./support/service-ways.js";

describe.each(ways)("a service asked by %s", (_name, open) => {
  it("gets the body byte for byte, at the path after the version, with the key", async () => {
    const server = await startAnsweringServer((_, response) =>
      json(response, 200, completion, { "x-request-id": "req_1", "retry-after": "7" }),
    );
    const answer = await open(`${server.origin}/api/v3`).ask(question, never);
    expect(answer).toMatchObject({
      came: "response",
      status: 200,
      requestId: "req_1",
      text: JSON.stringify(completion),
    });
    expect(answer.came === "response" && answer.headers?.get("Retry-After")).toBe("7");
    const [request] = server.seen;
    expect(request).toMatchObject({ method: "POST", path: "/api/v3/chat/completions" });
    expect(request?.headers).toMatchObject({
      "content-type": "application/json",
      authorization: `Bearer ${apiKey}`,
      "content-length": String(question.body.length),
    });
    expect(request?.headers).not.toHaveProperty("x-stainless-timeout");
    expect(request?.body.toString()).toBe(text);
  });

  it("is asked on the connections that are there", async () => {
    const server = await startAnsweringServer((_, response) => json(response, 200, completion));
    const { ask } = open(server.origin);
    for (let round = 0; round < 5; round += 1) await ask(question, never);
    expect(server.seen).toHaveLength(5);
    // A connection is free again a moment after its answer is there.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it("is asked as often at the same time as the caller likes", async () => {
    let letGo = () => {};
    const everybody = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const server = await startAnsweringServer(async (_, response) => {
      if (server.seen.length === 20) letGo();
      await everybody;
      json(response, 200, completion);
    });
    const { ask } = open(server.origin);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(question, never)));
    expect(answers.every(({ came }) => came === "response")).toBe(true);
  });

  it("is asked once, whatever it answers, and its words come back", async () => {
    for (const status of [400, 401, 404, 408, 409, 429, 500, 503]) {
      const error = { message: `No: ${status}.`, type: "t", param: null, code: "c" };
      const server = await startAnsweringServer((_, response) =>
        json(response, status, { error }, { "retry-after-ms": "5", "x-request-id": "req_2" }),
      );
      const answer = await open(server.origin).ask(question, never);
      expect(answer).toMatchObject({ came: "response", status, requestId: "req_2" });
      if (answer.came !== "response") return;
      expect(JSON.parse(answer.text)).toEqual({ error });
      expect(answer.headers?.get("retry-after-ms")).toBe("5");
      expect(server.seen).toHaveLength(1);
    }
  });

  it("may answer an error with a page", async () => {
    const page = "<html>\n<body>502 Bad Gateway</body>\n</html>";
    const server = await startAnsweringServer((_, response) => {
      response.writeHead(502, { "content-type": "text/html" });
      response.end(page);
    });
    const answer = await open(server.origin).ask(question, never);
    expect(answer).toMatchObject({ came: "response", status: 502, text: page });
  });

  it("may answer an error with nothing", async () => {
    const server = await startAnsweringServer((_, response) => {
      response.writeHead(500);
      response.end();
    });
    const answer = await open(server.origin).ask(question, never);
    expect(answer).toMatchObject({ came: "response", status: 500, text: "" });
  });

  it("may answer with pretty JSON, which is one line without a change in the end", async () => {
    const pretty = '{\r\n  "id": 12345678901234567890,\n\n  "choices": [ "a\\nb" ]\n}\n';
    const server = await startAnsweringServer((_, response) => response.end(pretty));
    const asked = open(server.origin);
    const verdict = judge(await asked.ask(question, never), asked);
    expect(verdict).toMatchObject({
      is: "result",
      response: { body: '{"id": 12345678901234567890,"choices": [ "a\\nb" ]}' },
    });
  });
});
