import { beforeEach, describe, expect, it } from "vitest";
import type { FakeAnthropic } from "../src/fake-anthropic.js";
import {
  connect,
  create,
  headers,
  oneDay,
  requests,
  startFake,
} from "./support/start-fake-anthropic.js";

const path = "/v1/messages/batches";
let fake: FakeAnthropic;

beforeEach(async () => {
  ({ fake } = await startFake());
});

/** Creates with this body, in chunks of so many bytes. */
async function post(body: string, chunkBytes = body.length): Promise<Response> {
  const bytes = Buffer.from(body);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const stream = ReadableStream.from(chunks);
  return fetch(fake.url + path, { method: "POST", headers, body: stream, duplex: "half" });
}

const item = (fields: object) => ({ custom_id: "a", params: {}, ...fields });

describe("a create's body", () => {
  it.each<[said: string, body: unknown, message: string]>([
    ["no object", [], "must be a JSON object"],
    ["no requests", {}, "requests: Field required"],
    ["requests that are no list", { requests: {} }, "requests: Input should be a valid list"],
    ["no request", { requests: [] }, "at least 1 item"],
    ["another field", { requests: [], tag: 1 }, "tag: Extra inputs are not permitted"],
    ["another field first", { tag: 1, requests: [] }, "tag: Extra inputs are not permitted"],
    ["a request that is no object", { requests: [1] }, "requests.0: Input should be"],
    ["no custom_id", { requests: [{ params: {} }] }, "requests.0.custom_id: Field required"],
    ["a wrong custom_id", { requests: [item({ custom_id: "ä" })] }, "requests.0.custom_id: String"],
    ["a long custom_id", { requests: [item({ custom_id: "a".repeat(65) })] }, "should match"],
    ["a custom_id twice", { requests: [item({}), item({})] }, "requests.1.custom_id: Duplicate"],
    ["no params", { requests: [{ custom_id: "a" }] }, "requests.0.params: Field required"],
    ["params that are no object", { requests: [item({ params: [] })] }, "requests.0.params: Input"],
    ["more in a request", { requests: [item({ x: 1 })] }, "requests.0.x: Extra inputs"],
  ])("with %s is refused", async (_, body, message) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining(message) },
      request_id: answer.headers.get("request-id"),
    });
    expect(fake.jobs).toEqual([]);
  });

  it.each([
    "",
    "{",
    '{"requests"',
    '{"requests":[{"custom_id":"a","params":{}}',
    '{"requests":[{"custom_id":"a","params":{}}]',
    '{"requests":[{"custom_id":"a","params":{}},]}',
    '{"requests":[{"custom_id":"a","params":{}} {"custom_id":"b","params":{}}]}',
    '{"requests":[{"custom_id":"a","params":[}}]}',
    '{"requests":[{"custom_id":"a","params":{}}]} x',
    '{"requests":[{"custom_id":"a","params":{}}],}',
    '{"requests":[nul]}',
    "{requests:[]}",
  ])("that is no JSON is refused: %s", async (body) => {
    expect((await post(body)).status).toBe(400);
    expect(fake.jobs).toEqual([]);
  });

  it.each([1, 7, 100_000])("is read in chunks of %s bytes", async (chunkBytes) => {
    const params = { model: "m", max_tokens: 1, text: '\\ "]}{[, \\" ä€😀\n', deep: [[{ a: {} }]] };
    const sent = ["a", "b", "c"].map((custom_id) => ({ custom_id, params }));
    const answer = await post(` ${JSON.stringify({ requests: sent }, null, "\t")}\r\n`, chunkBytes);
    expect(answer.status).toBe(200);
    expect(await fake.inputOf(fake.jobs[0]?.id ?? "")).toEqual(sent);
  });

  it("may have neither too many requests nor too many bytes", async () => {
    const small = await startFake({ maxRequests: 2, maxBytes: 1000 });
    await create(small.client, 2);
    await expect(create(small.client, 3)).rejects.toMatchObject({ status: 400 });
    const refused = { status: 413, type: "request_too_large" };
    await expect(create(small.client, 50)).rejects.toMatchObject(refused);
    ({ fake } = small);
    const uncounted = await post(
      JSON.stringify({ requests: [item({ params: { x: "x".repeat(1000) } })] }),
      10,
    );
    expect(uncounted.status).toBe(413);
    expect(fake.jobs).toHaveLength(1);
  });
});

describe("a list", () => {
  it("goes through the batches in both directions, newest first", async () => {
    const { client } = await startFake();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await create(client, 1)).id);
    const { batches } = client.messages;
    const first = await batches.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, first_id: ids[0], last_id: ids[1] });
    const all: string[] = [];
    for await (const batch of batches.list({ limit: 2 })) all.push(batch.id);
    expect(all).toEqual(ids);

    const newer = await batches.list({ limit: 2, before_id: ids[3] ?? "" });
    expect(newer).toMatchObject({ has_more: true, first_id: ids[1], last_id: ids[2] });
    const newest = await batches.list({ limit: 2, before_id: ids[1] ?? "" });
    expect(newest).toMatchObject({ has_more: false, first_id: ids[0], last_id: ids[0] });
    expect(await batches.list({ before_id: ids[0] ?? "" })).toMatchObject({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
  });

  it("has twenty batches, or as many as are asked for", async () => {
    const { client } = await startFake();
    for (let count = 0; count < 21; count += 1) await create(client, 1);
    expect(await client.messages.batches.list()).toMatchObject({ has_more: true });
    expect((await client.messages.batches.list()).data).toHaveLength(20);
    expect((await client.messages.batches.list({ limit: 1000 })).data).toHaveLength(21);
  });

  it.each(["limit=0", "limit=1001", "limit=x", "after_id=no", "before_id=a&after_id=b"])(
    "is refused with %s",
    async (query) => {
      expect((await fetch(`${fake.url}${path}?${query}`, { headers })).status).toBe(400);
    },
  );
});

describe("who asks", () => {
  it("needs a key and a version", async () => {
    const { client, ...other } = await startFake({ apiKey: "test" });
    const url = `${other.fake.url}${path}`;
    const ask = (more: Record<string, string>) => fetch(url, { headers: more });
    const version = { "anthropic-version": "2023-06-01" };
    expect((await ask(version)).status).toBe(401);
    expect((await ask({ ...version, "x-api-key": "no" })).status).toBe(401);
    expect((await ask({ "x-api-key": "test" })).status).toBe(400);
    expect((await ask({ ...version, authorization: "Bearer test" })).status).toBe(200);
    await expect(connect(other.fake, "no").messages.batches.list()).rejects.toMatchObject({
      status: 401,
      type: "authentication_error",
    });
    expect((await client.messages.batches.list()).data).toEqual([]);
  });

  it("is told the time, the request and the organization", async () => {
    const { client } = await startFake();
    const { response, request_id } = await client.messages.batches.list().withResponse();
    expect(request_id).toMatch(/^req_\w+$/);
    expect(response.headers.get("anthropic-organization-id")).toBe("org-fake");
    expect(response.headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
  });

  it("sees the batches of its own workspace alone", async () => {
    const one = { organization: "org-1", workspace: "w-1" };
    const two = { organization: "org-1", workspace: "w-2" };
    const { fake } = await startFake({ workspaces: { a: one, b: one, c: two } });
    const { id } = await create(connect(fake, "a"), 1);
    expect(await connect(fake, "b").messages.batches.retrieve(id)).toMatchObject({ id });
    const stranger = connect(fake, "c").messages.batches;
    await expect(stranger.retrieve(id)).rejects.toMatchObject({ status: 404 });
    expect((await stranger.list()).data).toEqual([]);
    await expect(connect(fake, "d").messages.batches.list()).rejects.toMatchObject({ status: 401 });
    expect(fake.jobs).toMatchObject([one]);
  });

  it("is told where there is nothing", async () => {
    expect((await fetch(`${fake.url}/v1/models`, { headers })).status).toBe(404);
    expect((await fetch(`${fake.url}${path}/no/results`, { headers })).status).toBe(404);
    expect((await fetch(fake.url + path, { method: "PUT", headers })).status).toBe(405);
  });
});

describe("a limit of a workspace", () => {
  it("refuses a batch that the queue has no room for, until it has", async () => {
    const { fake, client } = await startFake({ maxQueuedRequests: 10 });
    await create(client, 8);
    const refused = { status: 429, type: "rate_limit_error" };
    await expect(create(client, 3)).rejects.toMatchObject(refused);
    fake.clock.advance(2500);
    await create(client, 3);
    await expect(create(client, 11)).rejects.toMatchObject(refused);
    fake.clock.advance(oneDay);
    await create(client, 10);
    expect(fake.jobs).toHaveLength(3);
  });

  it("refuses more creates in a minute, and says how long", async () => {
    const { fake, client } = await startFake({ createsPerMinute: 2 });
    await create(client, 1);
    fake.clock.advance(20_000);
    await create(client, 1);
    const refused = await client.messages.batches
      .create({ requests: requests(1) })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 429, type: "rate_limit_error" });
    expect((refused as { headers: Headers }).headers.get("retry-after")).toBe("40");
    fake.clock.advance(40_000);
    await create(client, 1);
  });
});
