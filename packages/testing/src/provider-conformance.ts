import { randomBytes } from "node:crypto";
import {
  type BatchProvider,
  type CallContext,
  type Job,
  type JobFailure,
  type JobStatus,
  type Journal,
  type JsonObject,
  LangBatchError,
  type ProviderTraits,
  type RequestLine,
  type ShardInput,
  type UploadedInput,
} from "@langbatch/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A provider to prove, and the test server it talks to. */
export interface ProviderUnderTest {
  /** Its server holds no jobs, and is shared with nobody. */
  readonly provider: BatchProvider;
  /** The endpoint of every request: `/v1/chat/completions`. */
  readonly endpoint: string;
  /** The model of every request. */
  readonly model: string;
  /** What each request says beside its model. Default: a short question, as OpenAI's endpoints take it. */
  readonly body?: JsonObject;
  /** The key the provider was made with, or another text that must neither be stored nor shown. */
  readonly secret?: string;
  /** Lets every job come to its end: one that is asked for next is completed, failed or cancelled. */
  finish(): void | Promise<void>;
  /** Called after the test: closes the server. */
  dispose(): Promise<void>;
  /** How many jobs the server has made so far, as it counts them itself. */
  jobsCreated?(): Promise<number> | number;
  /**
   * Spoils the next create. `refused`: the service says no in its own words, and makes no job.
   * `no-room`: it says that it takes none at the moment, and makes none. `answer-lost`: it makes the
   * job, and the connection breaks before the answer. Only the next: a second one would succeed.
   */
  failNextCreate?(how: "refused" | "no-room" | "answer-lost"): void | Promise<void>;
  /** Lets the next job fail as a whole, so that it brings nothing. */
  failNextJob?(): void | Promise<void>;
  /** From now on the server breaks every connection. */
  cutOff?(): void | Promise<void>;
}

/** What {@link describeProvider} needs to know. */
export interface ProviderSuiteOptions {
  /** Makes a fresh provider and server; called before each test. */
  create(): Promise<ProviderUnderTest>;
}

/**
 * Declares one Vitest test for each sentence of the {@link BatchProvider} contract. A provider that
 * passes them all neither pays for a job twice nor loses one. What the provider does not declare, and
 * the server cannot do, is reported as skipped: offer `jobsCreated` and `failNextCreate` at least,
 * for what they prove costs money where it is wrong.
 */
export function describeProvider(name: string, options: ProviderSuiteOptions): void {
  describe(name, { timeout: 60_000 }, () => {
    let subject: ProviderUnderTest;

    beforeEach(async () => {
      subject = await options.create();
    });

    afterEach(async () => {
      await subject.dispose();
    });

    for (const { sentence, needs = [], check } of providerContract) {
      it(sentence, async ({ skip }) => {
        for (const need of needs) {
          if (!(await offers(subject, need))) skip(`not offered: ${need}`);
        }
        await check(subject);
      });
    }
  });
}

/**
 * One promise of the contract; `check` rejects where the provider breaks it.
 *
 * @internal
 */
export interface ProviderCheck {
  readonly sentence: string;
  readonly needs?: readonly Need[];
  readonly check: (subject: ProviderUnderTest) => Promise<void>;
}

type Need =
  | "upload"
  | "discard"
  | "search"
  | "token"
  | "secret"
  | "jobsCreated"
  | "failNextCreate"
  | "failNextJob"
  | "cutOff";

async function offers(subject: ProviderUnderTest, need: Need): Promise<boolean> {
  switch (need) {
    case "upload":
    case "discard":
      return subject.provider[need] !== undefined;
    case "search":
    case "token":
      return (await traitsOf(subject)).recovery === need;
    default:
      return subject[need] !== undefined;
  }
}

const statuses: readonly JobStatus[] = [
  ...(["validating", "in_progress", "finalizing", "cancelling"] as const),
  ...(["completed", "failed", "expired", "cancelled"] as const),
];
const ends: readonly JobStatus[] = statuses.slice(4);

const description: readonly ProviderCheck[] = [
  {
    sentence: "speaks version 1 of the contract",
    async check({ provider }) {
      expect(provider.specVersion).toBe(1);
    },
  },
  {
    sentence: "has an id that is lower-case and stays the same",
    async check({ provider }) {
      const { id } = provider;
      expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(provider.id).toBe(id);
    },
  },
  {
    sentence: "has settings that are plain JSON, so that storing them loses nothing",
    async check({ provider }) {
      expectPlainJson(provider.settings);
    },
  },
  {
    sentence: "keeps its secret out of all that is stored: settings, uploads and jobs",
    needs: ["secret"],
    async check(subject) {
      const { provider } = subject;
      const submitted = await submit(subject);
      const ended = await end(subject, submitted);
      const stored = JSON.stringify([provider.id, provider.settings, submitted, ended]);
      expect(stored).not.toContain(subject.secret);
    },
  },
  {
    sentence: "has limits that are whole numbers from 1 on and do not contradict each other",
    async check(subject) {
      const { minRequests, maxRequests, maxLineBytes, maxBytes, collectWithinMs } =
        await traitsOf(subject);
      for (const limit of [minRequests ?? 1, maxRequests, maxLineBytes ?? maxBytes, maxBytes]) {
        expect(limit).toSatisfy(Number.isSafeInteger);
        expect(limit).toBeGreaterThanOrEqual(1);
      }
      expect(minRequests ?? 1).toBeLessThanOrEqual(maxRequests);
      expect(maxLineBytes ?? maxBytes).toBeLessThanOrEqual(maxBytes);
      if (collectWithinMs !== undefined) expect(collectWithinMs).toBeGreaterThan(0);
    },
  },
  {
    sentence: "says how a lost create is found again, and whether a job has one model",
    async check(subject) {
      const { recovery, oneModel } = await traitsOf(subject);
      expect(recovery).toBeOneOf(["token", "search", "content"]);
      expect(oneModel).toBeTypeOf("boolean");
    },
  },
];

const creation: readonly ProviderCheck[] = [
  {
    sentence: "takes the same input twice, and creates nothing while it only takes it",
    needs: ["upload"],
    async check(subject) {
      const input = await newInput(subject);
      for (let count = 0; count < 2; count += 1) {
        const uploaded = await upload(subject, input);
        expect(uploaded?.id).toMatch(/./);
        expectPlainJson(uploaded);
      }
      if (subject.jobsCreated) expect(await subject.jobsCreated()).toBe(0);
    },
  },
  {
    sentence: "creates exactly one job",
    needs: ["jobsCreated"],
    async check(subject) {
      await submit(subject);
      expect(await subject.jobsCreated?.()).toBe(1);
    },
  },
  {
    sentence: "gives back the new job with its id, its status and the provider's word for it",
    async check(subject) {
      const { job } = await submit(subject);
      expect(job.id).toMatch(/./);
      expect(job.status).toBeOneOf([...statuses]);
      expect(job.rawStatus).toMatch(/./);
    },
  },
  {
    sentence: "tells in milliseconds, not in seconds, when the job was created",
    async check(subject) {
      const { job } = await submit(subject);
      // Seconds stay below for the next thousand years.
      expect(job.createdAt).toBeGreaterThan(100_000_000_000);
    },
  },
  {
    sentence: "gives back no other tag and no other input than the job was created with",
    async check(subject) {
      const { input, uploaded, job } = await submit(subject);
      expect(job.tag ?? input.tag).toBe(input.tag);
      expect(job.inputId ?? uploaded?.id).toBe(uploaded?.id);
    },
  },
  {
    sentence: "gives back jobs that are plain JSON, so that storing them loses nothing",
    async check(subject) {
      const submitted = await submit(subject);
      expectPlainJson(submitted.job);
      expectPlainJson(await end(subject, submitted));
    },
  },
  {
    sentence: "gives two jobs of the same input two ids",
    async check(subject) {
      const first = await submit(subject);
      const second = await submit(subject, await newInput(subject));
      expect(second.job.id).not.toBe(first.job.id);
    },
  },
  {
    sentence: "sends a create once although its answer is lost, and does not claim to be refused",
    needs: ["failNextCreate", "jobsCreated"],
    async check(subject) {
      const { error } = await submitInVain(subject, "answer-lost");
      expect(codeOf(error)).not.toBeOneOf(["rejected", "quota"]);
      expect(await subject.jobsCreated?.()).toBe(1);
    },
  },
  {
    sentence: "shows in its list the job of a create whose answer was lost, with its tag or input",
    needs: ["failNextCreate", "search"],
    async check(subject) {
      const { input, uploaded } = await submitInVain(subject, "answer-lost");
      const listed = await list(subject, { since: 0, tag: beginningOf(input.tag) });
      expect(listed.filter((job) => isOf(job, input, uploaded))).toHaveLength(1);
    },
  },
  {
    sentence: "creates no second job when a create whose answer was lost is repeated",
    needs: ["failNextCreate", "jobsCreated", "token"],
    async check(subject) {
      const { input, uploaded } = await submitInVain(subject, "answer-lost");
      const job = await subject.provider.create(input, uploaded, contextOf(subject));
      expect(job.id).toMatch(/./);
      expect(await subject.jobsCreated?.()).toBe(1);
    },
  },
  ...[
    { how: "refused", sentence: "says `rejected` where the service said no", code: "rejected" },
    { how: "no-room", sentence: "says `quota` where the service has no room", code: "quota" },
  ].map(({ how, sentence, code }) => ({
    sentence: `${sentence}, and has created nothing`,
    needs: ["failNextCreate"] as const,
    async check(subject: ProviderUnderTest) {
      const { error } = await submitInVain(subject, how as "refused" | "no-room");
      expect(codeOf(error)).toBe(code);
      if (subject.jobsCreated) expect(await subject.jobsCreated()).toBe(0);
    },
  })),
  {
    sentence: "keeps its secret out of the words of a refusal",
    needs: ["failNextCreate", "secret"],
    async check(subject) {
      const { error } = await submitInVain(subject, "refused");
      expect(String(error)).not.toContain(subject.secret);
    },
  },
  {
    sentence: "creates the job when it is asked once more after a refusal",
    needs: ["failNextCreate"],
    async check(subject) {
      const { input, uploaded } = await submitInVain(subject, "no-room");
      const job = await subject.provider.create(input, uploaded, contextOf(subject));
      expect(job.id).toMatch(/./);
    },
  },
];

const looking: readonly ProviderCheck[] = [
  {
    sentence: "yields the jobs that are asked for by their ids, in any order",
    async check(subject) {
      const ids = await submitSeveral(subject);
      const asked = ids.slice(1).reverse();
      const jobs = await get(subject, asked);
      expect(jobs.map(({ id }) => id).sort()).toEqual(asked.sort());
    },
  },
  {
    sentence: "yields nothing where no id is asked for",
    async check(subject) {
      await submit(subject);
      expect(await get(subject, [])).toEqual([]);
    },
  },
  {
    sentence: "does not yield a job that it does not know, and yields the others",
    async check(subject) {
      const { job } = await submit(subject);
      const jobs = await get(subject, [alteredId(job.id), job.id]);
      expect(jobs.map(({ id }) => id)).toEqual([job.id]);
    },
  },
  {
    sentence: "lists a job that was just created, also from the moment of its creation on",
    async check(subject) {
      const { job } = await submit(subject);
      const listed = await list(subject, { since: job.createdAt });
      expect(listed.map(({ id }) => id)).toEqual([job.id]);
    },
  },
  {
    sentence: "lists a job with the tag or the input it was created with",
    needs: ["search"],
    async check(subject) {
      const { input, uploaded, job } = await submit(subject);
      const [listed] = await list(subject, { since: job.createdAt });
      expect(listed).toSatisfy((found: Job) => isOf(found, input, uploaded));
    },
  },
  {
    // A tag's last part counts the tries, and a late job of an earlier try must be found, too.
    sentence: "leaves out no job whose tag begins with the one that is asked for",
    async check(subject) {
      const { input, job } = await submit(subject);
      const listed = await list(subject, { since: job.createdAt, tag: beginningOf(input.tag) });
      expect(listed.map(({ id }) => id)).toContain(job.id);
    },
  },
  {
    sentence: "lists every job",
    async check(subject) {
      const ids = await submitSeveral(subject);
      const listed = await list(subject, { since: 0 });
      expect(listed.map(({ id }) => id).sort()).toEqual(ids.sort());
    },
  },
  {
    sentence: "says the same of a job when it is created, asked for and listed",
    async check(subject) {
      const { job } = await submit(subject);
      const [asked] = await get(subject, [job.id]);
      const [listed] = await list(subject, { since: 0 });
      for (const seen of [asked, listed]) {
        const { id, createdAt, tag, inputId, account } = job;
        expect(seen).toMatchObject({ id, createdAt, ...(account !== undefined && { account }) });
        if (tag !== undefined) expect(seen?.tag).toBe(tag);
        if (inputId !== undefined) expect(seen?.inputId).toBe(inputId);
      }
    },
  },
  {
    sentence: "sees that a job is completed",
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      expect(ended.status).toBe("completed");
    },
  },
  {
    sentence: "says of a job that failed as a whole what kind of failure it was, and why",
    needs: ["failNextJob"],
    async check(subject) {
      await subject.failNextJob?.();
      const { status, failure } = await end(subject, await submit(subject));
      expect(status).toBe("failed");
      const kinds: readonly JobFailure["kind"][] = ["input", "quota", "account", "provider"];
      expect(failure?.kind).toBeOneOf([...kinds]);
      expect(failure?.code).toMatch(/./);
      expect(failure?.message).toMatch(/./);
    },
  },
];

const stopping: readonly ProviderCheck[] = [
  {
    sentence: "cancels a job, also one that is being cancelled already, and sees it end",
    async check(subject) {
      const submitted = await submit(subject);
      await subject.provider.cancel(submitted.job.id, contextOf(subject));
      await subject.provider.cancel(submitted.job.id, contextOf(subject));
      await end(subject, submitted);
    },
  },
  {
    sentence: "does not mind cancelling a job that has ended, which stays as it is",
    async check(subject) {
      const { id } = await end(subject, await submit(subject));
      await subject.provider.cancel(id, contextOf(subject));
      const [seen] = await get(subject, [id]);
      expect(seen?.status).toBe("completed");
    },
  },
  {
    sentence: "discards an input, and does not mind that it is gone already",
    needs: ["upload", "discard"],
    async check(subject) {
      const uploaded = required(await upload(subject, await newInput(subject)));
      await subject.provider.discard?.(uploaded, contextOf(subject));
      await subject.provider.discard?.(uploaded, contextOf(subject));
    },
  },
  {
    sentence: "creates no job from an input that was discarded",
    needs: ["upload", "discard", "jobsCreated"],
    async check(subject) {
      const input = await newInput(subject);
      const uploaded = required(await upload(subject, input));
      await subject.provider.discard?.(uploaded, contextOf(subject));
      const created = subject.provider.create(input, uploaded, contextOf(subject));
      expectLangBatchError(await thrownBy(() => created));
      expect(await subject.jobsCreated?.()).toBe(0);
    },
  },
];

const results: readonly ProviderCheck[] = [
  {
    sentence:
      "brings one line for every request, each with its custom_id, a line end between any two",
    async check(subject) {
      const submitted = await submit(subject);
      const ended = await end(subject, submitted);
      expect((await resultIds(subject, ended)).sort()).toEqual(idsOf(submitted.input));
    },
  },
  {
    sentence: "brings the results of a job that another process has read from the storage",
    async check(subject) {
      const submitted = await submit(subject);
      const stored: Job = JSON.parse(JSON.stringify(await end(subject, submitted)));
      expect((await resultIds(subject, stored)).sort()).toEqual(idsOf(submitted.input));
    },
  },
  {
    sentence: "brings the same results again when they are asked for again",
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      const first = await resultIds(subject, ended);
      expect((await resultIds(subject, ended)).sort()).toEqual(first.sort());
    },
  },
  {
    sentence: "lets a reader stop before the end of the results",
    async check(subject) {
      const ended = await end(subject, await submit(subject));
      for await (const _ of subject.provider.results(ended, contextOf(subject))) break;
    },
  },
  {
    sentence: "brings nothing but line ends where the job brought nothing",
    needs: ["failNextJob"],
    async check(subject) {
      await subject.failNextJob?.();
      const ended = await end(subject, await submit(subject));
      expect(await resultLines(subject, ended)).toEqual([]);
    },
  },
];

/** A call that asks the service. */
interface Asking {
  readonly method: string;
  readonly needs?: readonly Need[];
  readonly call: (
    provider: BatchProvider,
    known: Submitted,
    context: CallContext,
  ) => Promise<unknown>;
}

const askings: readonly Asking[] = [
  {
    method: "upload",
    needs: ["upload"],
    call: async (provider, { input }, context) => provider.upload?.(input, context),
  },
  {
    method: "create",
    call: async (provider, { input, uploaded }, context) =>
      provider.create(input, uploaded, context),
  },
  {
    method: "get",
    call: async (provider, { job }, context) => collect(provider.get([job.id], context)),
  },
  {
    method: "list",
    call: async (provider, _, context) => collect(provider.list({ since: 0 }, context)),
  },
  {
    method: "cancel",
    call: async (provider, { job }, context) => provider.cancel(job.id, context),
  },
  {
    method: "results",
    call: async (provider, { job }, context) => collect(provider.results(job, context)),
  },
  {
    method: "discard",
    needs: ["upload", "discard"],
    call: async (provider, { uploaded }, context) =>
      provider.discard?.(required(uploaded), context),
  },
];

const trouble: readonly ProviderCheck[] = [
  ...askings.map(({ method, needs = [], call }) => ({
    sentence: `rejects ${method} with the signal's reason where the signal is aborted already`,
    needs,
    async check(subject: ProviderUnderTest) {
      const submitted = await submit(subject);
      const known = { ...submitted, job: await end(subject, submitted) };
      const created = await subject.jobsCreated?.();
      const reason = new Error("The caller has stopped waiting.");
      const context = { ...contextOf(subject), signal: AbortSignal.abort(reason) };
      expect(await thrownBy(() => call(subject.provider, known, context))).toBe(reason);
      expect(await subject.jobsCreated?.()).toBe(created);
    },
  })),
  ...askings.map(({ method, needs = [], call }) => ({
    sentence: `throws a LangBatchError from ${method} where the service does not answer`,
    needs: [...needs, "cutOff"] as const,
    async check(subject: ProviderUnderTest) {
      const submitted = await submit(subject);
      const known = { ...submitted, job: await end(subject, submitted) };
      await subject.cutOff?.();
      const error = await thrownBy(() => call(subject.provider, known, contextOf(subject)));
      expectLangBatchError(error);
      if (subject.secret !== undefined) expect(String(error)).not.toContain(subject.secret);
    },
  })),
];

/**
 * The whole contract, for tests of the suite itself.
 *
 * @internal
 */
export const providerContract: readonly ProviderCheck[] = [
  ...description,
  ...creation,
  ...looking,
  ...stopping,
  ...results,
  ...trouble,
];

/** A job, and what it was made from. */
interface Submitted {
  readonly input: TestInput;
  readonly uploaded: UploadedInput | undefined;
  readonly job: Job;
}

interface TestInput extends ShardInput {
  readonly lines: readonly RequestLine[];
}

async function submit(subject: ProviderUnderTest, given?: TestInput): Promise<Submitted> {
  const input = given ?? (await newInput(subject));
  const uploaded = await upload(subject, input);
  const job = await subject.provider.create(input, uploaded, contextOf(subject));
  return { input, uploaded, job };
}

/** The ids of three jobs, oldest first. */
async function submitSeveral(subject: ProviderUnderTest): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await submit(subject)).job.id);
  return ids;
}

async function submitInVain(
  subject: ProviderUnderTest,
  how: "refused" | "no-room" | "answer-lost",
): Promise<Omit<Submitted, "job"> & { readonly error: unknown }> {
  const input = await newInput(subject);
  const uploaded = await upload(subject, input);
  await subject.failNextCreate?.(how);
  const error = await thrownBy(() => subject.provider.create(input, uploaded, contextOf(subject)));
  expectLangBatchError(error);
  return { input, uploaded, error };
}

async function upload(
  { provider, endpoint }: ProviderUnderTest,
  input: ShardInput,
): Promise<UploadedInput | undefined> {
  return provider.upload?.(input, { endpoint });
}

/** The job at its end. */
async function end(subject: ProviderUnderTest, { input, job }: Submitted): Promise<Job> {
  await subject.finish();
  const { provider } = subject;
  const seen = provider.run
    ? await collect(provider.run(job, input, memoryJournal(), contextOf(subject)))
    : await get(subject, [job.id]);
  const ended = required(seen.at(-1));
  expect(ended.status).toBeOneOf([...ends]);
  return ended;
}

function memoryJournal(): Journal {
  const written: Uint8Array[] = [];
  return {
    async *read() {
      yield* written;
    },
    async append(data) {
      written.push(data.slice());
    },
  };
}

async function get(subject: ProviderUnderTest, ids: readonly string[]): Promise<Job[]> {
  return collect(subject.provider.get(ids, contextOf(subject)));
}

async function list(
  subject: ProviderUnderTest,
  query: { readonly since: number; readonly tag?: string },
): Promise<Job[]> {
  return collect(subject.provider.list(query, contextOf(subject)));
}

async function resultIds(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const { wire } = await traitsOf(subject);
  const lines = await resultLines(subject, job);
  return lines.map((line) => {
    const result = wire ? wire.decode(Buffer.from(line)) : JSON.parse(line);
    return result.custom_id;
  });
}

/** The results, without their empty lines. */
async function resultLines(subject: ProviderUnderTest, job: Job): Promise<string[]> {
  const chunks = await collect(subject.provider.results(job, contextOf(subject)));
  const text = Buffer.concat(chunks).toString("utf8");
  return text.split(/\r?\n/).filter((line) => line !== "");
}

function contextOf({ endpoint }: ProviderUnderTest): CallContext {
  return { endpoint };
}

function traitsOf(subject: ProviderUnderTest): Promise<ProviderTraits> {
  return subject.provider.traits(contextOf(subject));
}

/** Three requests, or as many as the provider wants at least, with a tag that was never used. */
async function newInput(subject: ProviderUnderTest): Promise<TestInput> {
  const { minRequests = 1, maxRequests, wire } = await traitsOf(subject);
  const count = Math.min(Math.max(3, minRequests), maxRequests);
  const lines = Array.from({ length: count }, (_, index) => requestLine(subject, index));
  const [head, separator, tail] = wire?.frame ?? ["", "\n", "\n"];
  const parts = lines.map((line) => {
    return wire ? wire.encode(line, line.custom_id) : JSON.stringify(line);
  });
  const between = parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
  const tag = `lb-${randomBytes(10).toString("hex")}-0-0-1`;
  return {
    tag,
    name: `${tag}.jsonl`,
    requests: count,
    model: subject.model,
    data: new Blob([head, ...between, tail].map((part) => new Blob([part]))),
    lines,
  };
}

function requestLine({ endpoint, model, body }: ProviderUnderTest, index: number): RequestLine {
  const question = `Is ${index} even?`;
  // Each of OpenAI's endpoints reads one of these; a service that minds the others gives a body.
  const defaults = endpoint.includes("chat")
    ? { messages: [{ role: "user", content: question }] }
    : endpoint.endsWith("/completions")
      ? { prompt: question }
      : { input: question };
  return {
    custom_id: `request-${index}`,
    method: "POST",
    url: endpoint,
    body: { model, ...(body ?? defaults) },
  };
}

function idsOf({ lines }: TestInput): string[] {
  return lines.map((line) => line.custom_id).sort();
}

/** What a search asks for: the tag without its last part, which counts the tries. */
function beginningOf(tag: string): string {
  return tag.slice(0, tag.lastIndexOf("-"));
}

function isOf(job: Job, input: ShardInput, uploaded: UploadedInput | undefined): boolean {
  return job.tag === input.tag || (uploaded !== undefined && job.inputId === uploaded.id);
}

/** An id of the same shape that names nothing. */
function alteredId(id: string): string {
  return id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return expect.fail("Nothing was thrown.");
}

function codeOf(error: unknown): string | undefined {
  return LangBatchError.is(error) ? error.code : undefined;
}

function expectLangBatchError(error: unknown): void {
  expect(error).toSatisfy((thrown) => LangBatchError.is(thrown), "is a LangBatchError");
}

function expectPlainJson(value: unknown): void {
  expect(JSON.parse(JSON.stringify(value))).toStrictEqual(value);
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) expect.fail("It was expected to be there.");
  return value;
}
