import {
  type CreatingJob,
  isHome,
  type JobRecord,
  type Refusal,
  shardKey,
} from "../batch/records.js";
import { LangBatchError } from "../errors.js";
import type { CallContext, Job, ShardInput } from "../provider/provider.js";
import { removeJournal } from "../storage/open-journal.js";
import { assertSameAccount } from "./account.js";
import { collectJob } from "./collect-job.js";
import type { EngineContext, Shard } from "./context.js";
import type { Outcome } from "./evolve.js";
import { fence } from "./fence.js";
import { look } from "./look.js";
import type { Step } from "./next-step.js";
import { retryDelayMs } from "./retry-delay.js";
import { runsHere } from "./runs-here.js";
import { type OpenedInput, shardInput } from "./shard-input.js";
import { jobTag } from "./tag.js";
import { unseenError } from "./unseen-error.js";

/** A step that does something. The others are for whoever called. */
export type ActiveStep = Extract<
  Step,
  {
    readonly do:
      | "upload"
      | "intend"
      | "create"
      | "release"
      | "doubt"
      | "search"
      | "condemn"
      | "fence"
      | "repeat"
      | "rearm"
      | "cancel"
      | "collect"
      | "discard"
      | "clean";
  }
>;

/** What one run of the loop holds besides the record. */
export interface Hands {
  /** Opens what is sent, once. */
  openInput(): Promise<OpenedInput>;
  /** How long ago this run recorded its intention to create, by the later of both clocks. */
  sinceIntention(): number | undefined;
}

/** How fast an inline body is sent at worst; its send deadline is that much later. */
const slowestBytesPerMs = 64;

/** How often a create is asked again that the provider may take a moment later. */
const mostRefusals = 8;

/**
 * Does one step with the world outside, and says what came of it. Nothing is recorded here.
 *
 * @throws what the provider or the storage threw, where that leaves everything as it was.
 */
export async function perform(
  engine: EngineContext,
  shard: Shard,
  step: ActiveStep,
  job: JobRecord,
  hands: Hands,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { provider, endpoint } = engine;
  const context: CallContext = { endpoint: endpoint.url, ...(signal && { signal }) };
  switch (step.do) {
    case "upload": {
      if (runsHere(provider)) {
        // Nothing is sent, so nothing can be lost or made twice: it needs no intention.
        const input = toInput(engine, shard, job.tries + 1, await hands.openInput());
        return { came: "created", job: await provider.create(input, undefined, context) };
      }
      if (!provider.upload) return { came: "uploaded" };
      const input = toInput(engine, shard, job.tries + 1, await hands.openInput());
      return { came: "uploaded", upload: await provider.upload(input, context) };
    }
    case "intend": {
      // Ready before the intention is recorded: from then on, nothing may take time.
      const { data } = await hands.openInput();
      const sendMs = provider.upload ? 0 : data.size / slowestBytesPerMs;
      const sendBy = engine.now() + engine.sendDeadlineMs + sendMs;
      const account = await provider.account?.(context);
      const { settleMs } = engine;
      return { came: "intended", sendBy, settleMs, ...(account !== undefined && { account }) };
    }
    case "create":
      return create(engine, shard, job as JobRecord & CreatingJob, hands);
    case "release":
      return hands.sinceIntention() === undefined ? forgotten : { came: "released" };
    case "doubt":
      return { came: "doubted" };
    case "search":
      return look(engine, shard, job, step.notBefore, context);
    case "condemn":
      return { came: "condemned" };
    case "fence":
      return { came: "fenced", isSafe: await fence(engine, job, context) };
    case "repeat":
      return { came: "given-up" };
    case "rearm":
      return { came: "rearmed" };
    case "cancel":
      if (runsHere(provider)) return { came: "stopped" };
      if (job.state === "submitted") await provider.cancel(job.job.id, context);
      return { came: "cancel-sent" };
    case "collect":
      return collectJob(engine, shard, job, context);
    case "discard":
      await discard(engine, job, context);
      return { came: "discarded" };
    case "clean":
      if (runsHere(provider))
        await removeJournal(
          engine.storage,
          shardKey(engine.id, shard.round, shard.shard, "journal"),
        );
      else if (isHome(job)) await clean(engine, job.job, context);
      return { came: "cleaned" };
  }
}

/** An earlier run of this life intended it, and may have sent it. */
const forgotten: Outcome = {
  came: "unanswered",
  answer: "It is not known whether it was sent: recording what came of it had failed.",
};

/** The user's signal is kept out: a create that is on its way must tell what it did. */
async function create(
  engine: EngineContext,
  shard: Shard,
  job: JobRecord & CreatingJob,
  { openInput, sinceIntention }: Hands,
): Promise<Outcome> {
  const { provider, endpoint, ports } = engine;
  const input = toInput(engine, shard, job.tries, await openInput());
  const age = sinceIntention();
  if (age === undefined) return forgotten;
  const leftMs = job.sendBy - job.since - age;
  if (leftMs <= 0) return { came: "released" };
  const signal = ports.timeout(leftMs);
  try {
    const created = await provider.create(input, job.upload, { endpoint: endpoint.url, signal });
    return { came: "created", job: created };
  } catch (error) {
    if (!LangBatchError.is(error, "rejected") && !LangBatchError.is(error, "quota")) {
      return { came: "unanswered", answer: answerOf(error).slice(0, 4096) };
    }
    const refusal: Refusal = {
      code: error.code,
      message: error.message,
      ...(error.status !== undefined && { status: error.status }),
    };
    if (error.code !== "quota") {
      const isFinal = !error.retryable || (job.refusals ?? 0) >= mostRefusals;
      if (isFinal) return { came: "refused", refusal };
    }
    return {
      came: "refused",
      refusal,
      retryAt: engine.now() + retryDelayMs(job.tries, ports.random(), error.retryAfterMs),
    };
  }
}

/** Every result is home: that an input stays behind is told, and no reason to stop. */
async function discard(
  { provider, ports }: EngineContext,
  { upload }: JobRecord,
  context: CallContext,
): Promise<void> {
  if (!upload) return;
  try {
    await provider.discard?.(upload, context);
  } catch (error) {
    if (!LangBatchError.is(error)) throw error;
    ports.warn(`The input ${upload.id} stays at ${provider.id}: ${error.message}`);
  }
}

/** Under a key that does not see the job, everything would look as if it was deleted already. */
async function clean({ provider }: EngineContext, job: Job, context: CallContext): Promise<void> {
  for await (const { id } of provider.get([job.id], context)) {
    if (id === job.id) return provider.clean?.(job, context);
  }
  await assertSameAccount(provider, job.account, context);
  throw unseenError(provider, job.id);
}

function toInput(
  { nonce }: EngineContext,
  shard: Shard,
  tries: number,
  input: OpenedInput,
): ShardInput {
  return shardInput(jobTag(nonce, shard.round, shard.shard, tries), shard, input);
}

/**
 * What came in place of an answer, after why it is none. Not what the error was caused by: a
 * dependency's words may quote a key.
 */
function answerOf(error: unknown): string {
  if (!LangBatchError.is(error)) return "The create failed.";
  return error.answer === undefined ? error.message : `${error.message}\n${error.answer}`;
}
