import { describe, expect, it } from "vitest";
import { askEndpoint } from "../src/ask-endpoint.js";
import { judge } from "../src/verdict.js";
import { type AnsweringServer, json, startAnsweringServer } from "./support/answering-server.js";
import { never, openEndpoint, question } from "./support/open-endpoint.js";

function startEcho(): Promise<AnsweringServer> {
  return startAnsweringServer(({ path, headers }, response) =>
    json(response, 200, { path, headers }),
  );
}

describe("the address of an endpoint", () => {
  it.each([
    ["", "/chat/completions"],
    ["/", "/chat/completions"],
    ["/v1", "/v1/chat/completions"],
    ["/v1///", "/v1/chat/completions"],
    ["/v1beta/openai/", "/v1beta/openai/chat/completions"],
    ["/api/v3", "/api/v3/chat/completions"],
    ["/v1?api-version=2&x=a%20b", "/v1/chat/completions?api-version=2&x=a%20b"],
    ["/v1#top", "/v1/chat/completions"],
    ["/a b/v1", "/a%20b/v1/chat/completions"],
  ])("ends where the endpoint begins: %j", async (suffix, path) => {
    const server = await startEcho();
    await openEndpoint({ baseURL: `${server.origin}${suffix}` }).ask(question, never);
    expect(server.seen[0]?.path).toBe(path);
  });

  it("takes requests of any url", async () => {
    const server = await startEcho();
    const { ask } = openEndpoint({ baseURL: `${server.origin}/v2?k=1` });
    for (const url of ["/v1/embeddings", "/rerank?top=3", "/v10/x", "/v1/embeddings"]) {
      await ask({ ...question, url }, never);
    }
    expect(server.seen.map(({ path }) => path)).toEqual([
      "/v2/embeddings?k=1",
      "/v2/rerank?k=1&top=3",
      "/v2/v10/x?k=1",
      "/v2/embeddings?k=1",
    ]);
  });

  it("is not asked for a url that no request can have", async () => {
    const server = await startEcho();
    const answer = await openEndpoint({ baseURL: server.origin }).ask(
      { ...question, url: "/v1/ü ber" },
      never,
    );
    expect(answer).toEqual({
      came: "refused-here",
      message: "The request cannot be sent: invalid request path. Correct `baseURL` or `headers`.",
    });
    expect(server.seen).toHaveLength(0);
  });

  it("may have credentials, which go into a header and no message", async () => {
    const server = await startAnsweringServer(({ headers }, response) =>
      json(response, 401, { error: { message: `Wrong: ${headers.authorization}, us%er, wörd` } }),
    );
    const endpoint = openEndpoint({
      baseURL: server.origin.replace("http://", "http://us%25er:w%C3%B6rdcanary@"),
    });
    const answer = await endpoint.ask(question, never);
    const basic = Buffer.from("us%er:wördcanary").toString("base64");
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${basic}`);
    expect(endpoint.address).toBe(server.origin);
    const verdict = judge(answer, endpoint);
    const shown = String(verdict.is === "hopeless" && verdict.error.message);
    expect(shown).toContain("Wrong");
    expect(shown).not.toContain(basic);
    expect(shown).not.toContain("canary");
  });

  it.each([
    "localhost:11434/v1",
    "127.0.0.1/v1",
    "ftp://example.com/v1",
    "",
    "sk-canary-key",
    "https:// example.com",
  ])("is refused where it is none: %j", (baseURL) => {
    const open = () => askEndpoint({ baseURL });
    expect(open).toThrowError(/^`baseURL` is .*no address of HTTP. Write it out, as in http/);
    expect(open).not.toThrowError(/canary/);
    expect(open).toThrowError(expect.objectContaining({ code: "invalid_option" }));
  });

  it.each(["user:canary@host/v1", "host/v1?key=canary", "host:80/v1?key=canary"])(
    "shows no secret where it is none: %j",
    (baseURL) => {
      expect(() => askEndpoint({ baseURL })).toThrowError("`baseURL` is no address of HTTP.");
    },
  );
});

describe("the headers of an endpoint", () => {
  it("have no authorization where nobody gives one", async () => {
    const server = await startEcho();
    for (const apiKey of [undefined, ""]) {
      await openEndpoint({ baseURL: server.origin, ...(apiKey !== undefined && { apiKey }) }).ask(
        question,
        never,
      );
    }
    expect(server.seen).toHaveLength(2);
    for (const { headers } of server.seen) expect(headers).not.toHaveProperty("authorization");
  });

  it("are the user's, before ours", async () => {
    const server = await startEcho();
    const headers = { Authorization: "Token abc", "X-Own": "grüß", "User-Agent": "own" };
    await openEndpoint({ baseURL: server.origin, apiKey: "sk-1", headers }).ask(question, never);
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: "Token abc",
      "user-agent": "own",
      "content-type": "application/json",
    });
    expect(server.seen[0]?.headers["x-own"]).toBe("grüß");
  });

  it.each<[Record<string, string>, string]>([
    [{ "x-own": "canary\nx" }, "The value of x-own in `headers`"],
    [{ "x-own": "canary …" }, "The value of x-own in `headers`"],
    [{ "x own canary": "1" }, "`headers` has a name"],
    [{ "Content-Length": "7" }, "`headers` has content-length"],
    [{ "transfer-encoding": "chunked" }, "`headers` has transfer-encoding"],
    [{ "x-own": 7 as unknown as string }, "The value of x-own in `headers`"],
  ])("refuse what no request can have: %j", async (headers, message) => {
    const server = await startEcho();
    const answer = await openEndpoint({ baseURL: server.origin, headers }).ask(question, never);
    expect(answer).toMatchObject({
      came: "refused-here",
      message: expect.stringContaining(message),
    });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(server.seen).toHaveLength(0);
  });

  it("may hold secrets, as the query may, which no message shows", async () => {
    const server = await startAnsweringServer(({ path, headers }, response) =>
      json(response, 403, { message: `${path} ${headers["x-api-key"]} ${headers.authorization}` }),
    );
    const endpoint = openEndpoint({
      baseURL: `${server.origin}/v1?key=canary-query&api-version=2024-10-21`,
      headers: { "x-api-key": "canary-header", authorization: "Token canary-token" },
    });
    const verdict = judge(await endpoint.ask(question, never), endpoint);
    const shown = String(verdict.is === "hopeless" && verdict.error.message);
    expect(shown).toContain("api-version=2024-10-21");
    expect(shown).not.toContain("canary");
  });
});
