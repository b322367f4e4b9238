import type { CallContext, Job } from "@langbatch/core";
import type { FakeOpenAI, FakeOpenAIOptions, JobFault } from "@langbatch/testing";
import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openai } from "../src/index.js";
import { collect } from "./support/collect.js";
import { errorOf } from "./support/error-of.js";
import { chatLine, openHarness } from "./support/open-harness.js";

const context: CallContext = { endpoint: "/v1/chat/completions" };
const contents = { method: "GET", path: /\/content$/ };

/** The signals of all requests so far, oldest first. */
const signals: AbortSignal[] = [];
const options = {
  apiKey: "sk-test",
  maxRetries: 0,
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    if (init?.signal) signals.push(init.signal);
    return fetch(url, init);
  },
};

const clients: readonly (readonly [name: string, connect: (baseURL: string) => OpenAI])[] = [
  ["openai 6", (baseURL) => new OpenAI({ ...options, baseURL })],
  [
    "openai 7",
    // Another copy's class is another type, because of its private fields.
    (baseURL) => new OpenAI7({ ...options, baseURL }) as unknown as OpenAI,
  ],
];

afterEach(() => {
  signals.length = 0;
  vi.useRealTimers();
});

describe.each(clients)("results with %s", (_, connect) => {
  /** A job at its end; `b` has failed, so that both files are there. */
  async function ended(options: FakeOpenAIOptions = {}, ...faults: JobFault[]) {
    const { server } = await openHarness({
      answer: ({ custom_id }) =>
        custom_id === "b" ? { kind: "fail", status: 400 } : { kind: "succeed" },
      ...options,
    });
    const provider = openai({ client: connect(server.url) });
    const lines = ["a", "b", "c"].map((id) => `${JSON.stringify(chatLine(id))}\n`);
    const tag = "lb-0123456789-0-0-1";
    const data = new Blob(lines);
    const input = { tag, name: `${tag}.jsonl`, requests: 3, model: "gpt-5-mini", data };
    if (faults.length > 0) server.failJob(faults);
    const uploaded = await provider.upload?.(input, context);
    const { id } = await provider.create(input, uploaded, context);
    server.clock.advance(86_400_000);
    for await (const job of provider.get([id], context)) {
      return { server, job, results: (signal?: AbortSignal) => resultsOf(job, signal) };
    }
    return expect.fail("The job is there.");

    function resultsOf(job: Job, signal?: AbortSignal): AsyncIterable<Uint8Array> {
      return provider.results(job, { ...context, ...(signal && { signal }) });
    }
  }

  it("are the lines of the output file and of the error file", async () => {
    const { results } = await ended();
    expect((await idsOf(results())).sort()).toEqual(["a", "b", "c"]);
  });

  it("are read without the byte order mark that each file begins with", async () => {
    const marked = (id: string, file: "output" | "error") => {
      const row = { custom_id: id, response: null, error: { code: "c", message: "m" } };
      return { kind: "line", file, text: `\uFEFF${JSON.stringify(row)}\r` } as const;
    };
    const { results } = await ended({
      answer({ custom_id }) {
        if (custom_id === "a") return marked("a", "output");
        return custom_id === "b" ? marked("b", "error") : { kind: "drop" };
      },
    });
    const text = Buffer.concat(await collect(results())).toString("utf8");
    expect(text).not.toContain("\uFEFF");
    expect((await idsOf(results())).sort()).toEqual(["a", "b"]);
  });

  it("are not joined where a file lacks its last line end", async () => {
    const { server, results } = await ended();
    const [, output] = server.files;
    server.failNext(contents, { kind: "cut", bytes: (output?.bytes ?? 0) - 1 });
    expect((await idsOf(results())).sort()).toEqual(["a", "b", "c"]);
  });

  it("are asked for uncompressed, so that a file that is cut off shows", async () => {
    const { server, results } = await ended();
    await textOf(results());
    const asked = requestsFor(server);
    expect(asked).toHaveLength(2);
    for (const { headers } of asked) expect(headers["accept-encoding"]).toBe("identity");
  });

  it("may be asked for again where the service does not find them yet", async () => {
    const { results } = await ended({}, { kind: "content-not-found", looks: 1 });
    expect(await errorOf(textOf(results()))).toMatchObject({
      code: "provider_failed",
      retryable: true,
      status: 404,
    });
    // Each of the two files is hidden from its own first look.
    await errorOf(textOf(results()));
    expect(await idsOf(results())).toHaveLength(3);
  });

  it.each([0, 100])(
    "fail, and may be asked for again, where they break off after %i bytes",
    async (bytes) => {
      const { server, results } = await ended();
      server.failNext(contents, { kind: "break", bytes });
      const error = await errorOf(textOf(results()));
      expect(error).toMatchObject({ code: "provider_failed", retryable: true });
      expect(await idsOf(results())).toHaveLength(3);
    },
  );

  it("may not be asked for again where the key has lost its right", async () => {
    const { server, results } = await ended();
    server.failNext(contents, { kind: "status", status: 403 });
    const error = await errorOf(textOf(results()));
    expect(error).toMatchObject({ code: "provider_failed", retryable: false, status: 403 });
  });

  it("are not asked for where the signal is aborted already", async () => {
    const { server, results } = await ended();
    const reason = new Error("Stop.");
    await expect(textOf(results(AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(requestsFor(server)).toEqual([]);
  });

  it("end with the signal's reason while the service does not answer", async () => {
    const { server, results } = await ended();
    server.failNext(contents, { kind: "hang" });
    const controller = new AbortController();
    const outcome = textOf(results(controller.signal)).catch((error: unknown) => error);
    await vi.waitFor(() => expect(requestsFor(server)).toHaveLength(1));
    const reason = new Error("Stop.");
    controller.abort(reason);
    expect(await outcome).toBe(reason);
  });

  it("end with the signal's reason in the middle of a file", async () => {
    const text = "x".repeat(4_000_000);
    const { results } = await ended({ answer: () => ({ kind: "succeed", body: { text } }) });
    const controller = new AbortController();
    const reason = new Error("Stop.");
    const read = async () => {
      for await (const _ of results(controller.signal)) controller.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
  });

  it("let go of the connection where the reader stops early", async () => {
    const text = "x".repeat(4_000_000);
    const { results } = await ended({ answer: () => ({ kind: "succeed", body: { text } }) });
    for await (const _ of results()) break;
    expect(signals.at(-1)?.aborted).toBe(true);
  });

  it("fail, and may be asked for again, where nothing comes for two minutes", async () => {
    const { server, results } = await ended();
    server.failNext(contents, { kind: "hang" });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const outcome = errorOf(textOf(results()));
    await vi.waitFor(() => expect(requestsFor(server)).toHaveLength(1));
    vi.advanceTimersByTime(120_000);
    const error = await outcome;
    expect(error).toMatchObject({ code: "provider_failed", retryable: true });
    expect(error.message).toContain("brought nothing for 120 seconds");
  });

  it("wait for a reader who takes longer than that", async () => {
    const text = "x".repeat(4_000_000);
    const { results } = await ended({ answer: () => ({ kind: "succeed", body: { text } }) });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let bytes = 0;
    for await (const chunk of results()) {
      if (bytes === 0) vi.advanceTimersByTime(600_000);
      bytes += chunk.length;
    }
    expect(bytes).toBeGreaterThan(12_000_000);
  });
});

function requestsFor(server: FakeOpenAI) {
  return server.requests.filter(({ path }) => contents.path.test(path));
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read).toString("utf8");
}

async function idsOf(chunks: AsyncIterable<Uint8Array>): Promise<unknown[]> {
  const lines = (await textOf(chunks)).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line).custom_id);
}
