import type { HttpFault } from "@langbatch/testing";
import { describe, expect, it, vi } from "vitest";
import { openai } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { openHarness } from "./support/open-harness.js";
import { context, shard, tag } from "./support/provider-input.js";
import { creates, seen } from "./support/requests.js";
import { uploadInput } from "./support/uploaded-input.js";

describe("a create", () => {
  it("brings the endpoint, the tag, and the user's metadata", async () => {
    const { server, client } = await openHarness();
    const provider = openai({ client, metadata: { team: "search", langbatch: "mine" } });
    const uploaded = await provider.upload?.(shard(), context);
    const job = await provider.create(shard(), uploaded, context);
    expect(server.jobs).toMatchObject([
      {
        id: job.id,
        inputFileId: uploaded?.id,
        endpoint: "/v1/chat/completions",
        metadata: { team: "search", langbatch: tag },
      },
    ]);
    const { endpoint } = context;
    expect(job).toMatchObject({ tag, inputId: uploaded?.id, endpoint, status: "validating" });
  });

  it("takes 15 pairs of metadata, and is not sent with 16", async () => {
    const { server, client } = await openHarness();
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"]));
    const right = openai({ client, metadata: pairs(15) });
    const uploaded = await right.upload?.(shard(), context);
    await right.create(shard(), uploaded, context);
    const wrong = openai({ client, metadata: pairs(16) });
    expect(await errorOf(wrong.create(shard(), uploaded, context))).toMatchObject({
      code: "rejected",
      retryable: false,
    });
    expect(seen(server, creates)).toHaveLength(1);
  });

  it("names the completion window, which its settings keep", async () => {
    const { client } = await openHarness();
    const provider = openai({ client, completionWindow: "48h", metadata: { team: "search" } });
    expect(provider.settings).toEqual({ completionWindow: "48h", metadata: { team: "search" } });
    const uploaded = await provider.upload?.(shard(), context);
    const error = await errorOf(provider.create(shard(), uploaded, context));
    expect(error.message).toContain("48h");
  });
});

describe("a create whose outcome is not known", () => {
  const html = "<html><body>Bad gateway</body></html>";
  const type = { "content-type": "text/html" };
  const roomCode = { error: { message: "No room.", code: "token_limit_exceeded" } };
  const faults: readonly (readonly [what: string, fault: HttpFault, jobs: number])[] = [
    ["500", { kind: "status", status: 500 }, 0],
    ["504", { kind: "status", status: 504 }, 0],
    ["408", { kind: "status", status: 408 }, 0],
    ["409", { kind: "status", status: 409 }, 0],
    ["503 that speaks of no room", { kind: "status", status: 503, body: roomCode }, 0],
    ["500 after the job was made", { kind: "error-after", status: 500 }, 1],
    ["an HTML page with 502", { kind: "status", status: 502, body: html, headers: type }, 0],
    ["an HTML page with 200", { kind: "status", status: 200, body: html, headers: type }, 0],
    ["an object that is no batch", { kind: "status", status: 200, body: {} }, 0],
    ["a broken connection", { kind: "reset" }, 0],
    ["a connection that breaks after the job was made", { kind: "reset-after" }, 1],
    ["an answer that is cut", { kind: "cut", bytes: 40 }, 1],
    ["an answer that is cut to nothing", { kind: "cut", bytes: 0 }, 1],
    ["an answer that breaks off", { kind: "break", bytes: 40 }, 1],
    ["a redirect", { kind: "redirect", location: "http://127.0.0.1:9/v1/batches" }, 0],
    ["a redirect to something else", { kind: "redirect", status: 303, location: "/login" }, 0],
  ];

  it.each(faults)("is sent once, and is not said to be refused: %s", async (_, fault, jobs) => {
    const { server, create } = await uploadInput();
    server.failNext(creates, fault);
    const error = await errorOf(create());
    expect(error.code).toBe("provider_failed");
    expect(error.provider).toBe("openai");
    expect(seen(server, creates)).toHaveLength(1);
    expect(server.jobs).toHaveLength(jobs);
  });

  it.each(["hang", "hang-after"] as const)(
    "is sent once, and ends with the signal's reason: %s",
    async (kind) => {
      const { server, create } = await uploadInput();
      server.failNext(creates, { kind });
      const controller = new AbortController();
      const created = create(controller.signal);
      const outcome = created.catch((error: unknown) => error);
      await vi.waitFor(() => expect(seen(server, creates)).toHaveLength(1));
      const reason = new Error("The time is up.");
      controller.abort(reason);
      expect(await outcome).toBe(reason);
      expect(seen(server, creates)).toHaveLength(1);
    },
  );
});
