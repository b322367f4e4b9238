import { describe, expect, it } from "vitest";
import { objectUrl, put, startFake, uploadUrl } from "./support/start-fake-gcs.js";

describe("a fault that a test orders", () => {
  it("answers with a status in place of doing what is asked, so many times", async () => {
    const fake = await startFake();
    const url = uploadUrl(fake, { uploadType: "media", name: "one" });
    fake.failNext({ method: "post", path: "/upload/" }, { kind: "status", status: 429 }, 2);
    for (const status of [429, 429, 200]) {
      const answer = await fetch(url, { method: "POST", body: "1" });
      expect(answer.status).toBe(status);
      if (status === 429) {
        expect(await answer.json()).toMatchObject({
          error: { code: 429, errors: [{ reason: "rateLimitExceeded" }] },
        });
      }
    }
  });

  it("answers with an error, or not at all, although it was done", async () => {
    const fake = await startFake();
    const url = (name: string) => uploadUrl(fake, { uploadType: "media", name });
    fake.failNext(
      {},
      { kind: "error-after", status: 503, body: "sorry", headers: { "x-so": "1" } },
    );
    const answer = await fetch(url("one"), { method: "POST", body: "1" });
    expect([answer.status, await answer.text(), answer.headers.get("x-so")]).toEqual([
      503,
      "sorry",
      "1",
    ]);
    fake.failNext({}, { kind: "reset-after" });
    await expect(fetch(url("two"), { method: "POST", body: "2" })).rejects.toThrow();
    fake.failNext({}, { kind: "reset" });
    await expect(fetch(url("three"), { method: "POST", body: "3" })).rejects.toThrow();
    expect(fake.objects.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(fake.requests.map(({ status }) => status)).toEqual([503, undefined, undefined]);
  });

  it("keeps the client waiting until it gives up", async () => {
    const fake = await startFake();
    for (const kind of ["hang", "hang-after"] as const) {
      fake.failNext({}, { kind });
      const abort = new AbortController();
      const url = uploadUrl(fake, { uploadType: "media", name: kind });
      const asked = fetch(url, { method: "POST", body: "1", signal: abort.signal });
      const isTaken = () =>
        kind === "hang" ? fake.requests.at(-1)?.bytes === 1 : fake.objects.length === 1;
      while (!isTaken()) await new Promise(setImmediate);
      abort.abort();
      await expect(asked).rejects.toThrow();
    }
    expect(fake.objects.map(({ name }) => name)).toEqual(["hang-after"]);
  });

  it("spoils a download", async () => {
    const fake = await startFake();
    await put(fake, "one", "0123456789");
    const url = `${objectUrl(fake, "one")}?alt=media`;
    fake.failNext({ query: "alt=media" }, { kind: "cut", bytes: 3 });
    expect(await (await fetch(url)).text()).toBe("012");
    fake.failNext({ query: /alt=media$/ }, { kind: "corrupt" });
    expect(await (await fetch(url)).arrayBuffer()).toEqual(
      Uint8Array.of(...Buffer.from("012345678"), ~0x39 & 0xff).buffer,
    );
    fake.failNext({ headers: { "x-mine": /yes/ } }, { kind: "break", bytes: 3 });
    expect(await (await fetch(url)).text()).toBe("0123456789");
    const broken = await fetch(url, { headers: { "x-mine": "yes" } });
    await expect(broken.text()).rejects.toThrow();
  });
});

describe("an access token", () => {
  it("is the only one that is let in, but for who knows an upload's address", async () => {
    const fake = await startFake({ accessToken: "right" });
    const url = uploadUrl(fake, { uploadType: "resumable", name: "one" });
    const ask = (authorization?: string) =>
      fetch(url, { method: "POST", headers: authorization ? { authorization } : {} });
    expect((await ask()).status).toBe(401);
    const wrong = await ask("Bearer wrong");
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({
      error: { message: "Invalid Credentials", errors: [{ reason: "authError" }] },
    });
    const session = (await ask("Bearer right")).headers.get("location") ?? "";
    expect((await fetch(session, { method: "PUT", body: "1" })).status).toBe(200);
    expect((await fetch(objectUrl(fake, "one"))).status).toBe(401);
  });
});

it("notes every request", async () => {
  const fake = await startFake();
  await put(fake, "one", "12345");
  expect(fake.requests).toMatchObject([
    {
      method: "POST",
      path: "/upload/storage/v1/b/fake-bucket/o",
      query: "?uploadType=media&name=one",
      headers: { "content-length": "5" },
      bytes: 5,
      status: 200,
    },
  ]);
  await expect(fake.bytesOf("fake-bucket", "none")).rejects.toThrow("no object fake-bucket/none");
});
