import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FakeGcs } from "../src/fake-gcs.js";
import { put, startFake, uploadUrl } from "./support/start-fake-gcs.js";

const quarter = 262_144;

async function start(fake: FakeGcs, query: object = {}, metadata: object = {}): Promise<string> {
  const answer = await fetch(uploadUrl(fake, { uploadType: "resumable", name: "big", ...query }), {
    method: "POST",
    body: JSON.stringify(metadata),
  });
  expect(answer.status).toBe(200);
  return answer.headers.get("location") ?? "";
}

async function send(
  session: string,
  range: string,
  body: Uint8Array = new Uint8Array(),
  more: Readonly<Record<string, string>> = {},
): Promise<{ status: number; range: string | null; body: { error?: unknown; size?: string } }> {
  const headers = { "content-range": `bytes ${range}`, ...more };
  const answer = await fetch(session, { method: "PUT", headers, body: Buffer.from(body) });
  const text = await answer.text();
  const parsed = text === "" ? {} : JSON.parse(text);
  return { status: answer.status, range: answer.headers.get("range"), body: parsed };
}

describe("a resumable upload", () => {
  it("says how far it is until it is whole, and then goes on to say so", async () => {
    const fake = await startFake();
    const bytes = randomBytes(2 * quarter + 5);
    const session = await start(fake);
    expect(await send(session, "*/*")).toMatchObject({ status: 308, range: null });
    const first = bytes.subarray(0, quarter);
    const taken = { status: 308, range: `bytes=0-${quarter - 1}` };
    expect(await send(session, `0-${quarter - 1}/*`, first)).toMatchObject(taken);
    expect(await send(session, "*/*")).toMatchObject(taken);
    expect(fake.openUploads).toBe(1);
    expect(fake.objects).toEqual([]);
    const rest = bytes.subarray(quarter);
    const done = { status: 200, body: { size: String(bytes.length) } };
    const last = `${quarter}-${bytes.length - 1}/${bytes.length}`;
    expect(await send(session, last, rest)).toMatchObject(done);
    expect(await send(session, "*/*")).toMatchObject(done);
    expect(fake.openUploads).toBe(0);
    expect(Buffer.from(await fake.bytesOf("fake-bucket", "big")).equals(bytes)).toBe(true);
  });

  it("skips what has come before, and misses what has not", async () => {
    const fake = await startFake();
    const bytes = randomBytes(2 * quarter);
    const session = await start(fake);
    await send(session, `0-${quarter - 1}/*`, bytes.subarray(0, quarter));
    expect((await send(session, `${quarter + 1}-${quarter + 9}/*`, randomBytes(9))).status).toBe(
      503,
    );
    const all = `0-${bytes.length - 1}/${bytes.length}`;
    expect((await send(session, all, bytes)).status).toBe(200);
    expect(Buffer.from(await fake.bytesOf("fake-bucket", "big")).equals(bytes)).toBe(true);
  });

  it("takes all that is left without saying how much, and the size alone at the end", async () => {
    const fake = await startFake();
    const session = await start(fake);
    expect((await send(session, "0-*/*", Buffer.from("all"))).status).toBe(200);
    const another = await start(fake, { name: "another" });
    await send(another, `0-${quarter - 1}/*`, randomBytes(quarter));
    expect((await send(another, `*/${quarter}`)).status).toBe(200);
  });

  it("refuses a chunk of an odd size, and bytes that were announced otherwise", async () => {
    const fake = await startFake();
    expect((await send(await start(fake), "0-99/*", randomBytes(100))).status).toBe(400);
    expect((await send(await start(fake), "0-99/100", randomBytes(90))).status).toBe(400);
    expect((await send(await start(fake), "nonsense", randomBytes(90))).status).toBe(400);
    expect(fake.openUploads).toBe(1);
  });

  it("is gone when it is cancelled, and where it never was", async () => {
    const fake = await startFake();
    const session = await start(fake);
    await send(session, `0-${quarter - 1}/*`, randomBytes(quarter));
    expect((await fetch(session, { method: "DELETE" })).status).toBe(499);
    expect((await send(session, "*/*")).status).toBe(404);
    expect((await fetch(session, { method: "DELETE" })).status).toBe(404);
    expect(fake.openUploads).toBe(0);
    expect(fake.objects).toEqual([]);
  });

  it("looks at its preconditions at both ends", async () => {
    const fake = await startFake();
    const session = await start(fake, { ifGenerationMatch: "0" });
    await put(fake, "big", "was first");
    expect((await send(session, "0-3/4", Buffer.from("late"))).status).toBe(412);
    const url = uploadUrl(fake, { uploadType: "resumable", name: "big", ifGenerationMatch: "0" });
    expect((await fetch(url, { method: "POST" })).status).toBe(412);
    expect(String(Buffer.from(await fake.bytesOf("fake-bucket", "big")))).toBe("was first");
  });

  it("refuses what does not have its checksum, given at the start or at the end", async () => {
    const fake = await startFake();
    // The first one is right: CRC-32C of "data".
    for (const [crc32c, status] of [
      ["rth90Q==", 200],
      ["AAAAAA==", 400],
    ] as const) {
      const early = await start(fake, { name: "early" }, { crc32c });
      expect((await send(early, "0-3/4", Buffer.from("data"))).status).toBe(status);
      const late = await start(fake, { name: "late" });
      const hash = { "x-goog-hash": `crc32c=${crc32c}` };
      expect((await send(late, "0-3/4", Buffer.from("data"), hash)).status).toBe(status);
    }
    expect(fake.objects.map(({ name }) => name)).toEqual(["early", "late"]);
  });
});

describe("an upload in one request", () => {
  function multipart(json: string, bytes: string): RequestInit {
    const boundary = "some-boundary";
    const parts = [
      `Content-Type: application/json\r\n\r\n${json}`,
      `Content-Type: x/y\r\n\r\n${bytes}`,
    ];
    const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--`;
    return {
      method: "POST",
      body,
      headers: { "content-type": `multipart/related; boundary=${boundary}` },
    };
  }

  it("takes its bytes as they are, also where they look like a boundary", async () => {
    const fake = await startFake();
    const url = uploadUrl(fake, { uploadType: "multipart" });
    for (const bytes of ["", "plain", "\r\n--some-boundary", "\r\n\r\n--some-boundary--\r\n"]) {
      const answer = await fetch(url, multipart('{"name":"one"}', bytes));
      expect(answer.status).toBe(200);
      expect(String(Buffer.from(await fake.bytesOf("fake-bucket", "one")))).toBe(bytes);
    }
  });

  it("refuses what is malformed, damaged or has no name", async () => {
    const fake = await startFake();
    const url = uploadUrl(fake, { uploadType: "multipart" });
    const wrong = [
      multipart("{}", "bytes"),
      multipart("no json", "bytes"),
      multipart('{"name":5}', "bytes"),
      multipart('{"name":"one","md5Hash":"AAAAAAAAAAAAAAAAAAAAAA=="}', "bytes"),
      { ...multipart('{"name":"one"}', "bytes"), headers: { "content-type": "text/plain" } },
      { ...multipart('{"name":"one"}', "bytes"), body: "--some-boundary\r\n\r\n{}" },
      multipart(`{"name":"${"x".repeat(1025)}"}`, "bytes"),
      multipart('{"name":"a\\nb"}', "bytes"),
    ];
    for (const request of wrong) expect((await fetch(url, request)).status).toBe(400);
    expect((await fetch(uploadUrl(fake, { name: "one" }), { method: "POST" })).status).toBe(400);
    expect(fake.objects).toEqual([]);
  });
});
