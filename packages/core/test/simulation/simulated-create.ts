import type { Job } from "../../src/index.js";
import type { SentRequest } from "./sent-request.js";
import type { SimulatedProcess } from "./simulated-process.js";
import { alienAnswer, connectionLost, noRoom, serverError, timedOut, tooBusy } from "./troubles.js";

const connectMs = 300;
const transitMs = 300;

/** After what time the client gives up by itself, in milliseconds. */
const clientTimeoutMs = 600_000;

/**
 * One create on the wire, with all that can come of it. As a real client does, it sends nothing once
 * its signal is aborted, and learns nothing of what is sent when it is aborted later.
 */
export async function simulatedCreate(
  process: SimulatedProcess,
  tag: string,
  input: string | readonly SentRequest[],
  signal: AbortSignal | undefined,
): Promise<Job> {
  const { service, scheduler, random, conditions, trace } = process.world;

  const accept = () => {
    const job = service.create(tag, input, scheduler.now);
    trace.note(scheduler.now, 0, "accepts", job.id, tag);
    return job;
  };
  const acceptLater = (isVeryLate: boolean) => {
    let isOver = false;
    const arrive = () => {
      if (isOver) return;
      isOver = true;
      try {
        accept();
      } catch {
        trace.note(scheduler.now, 0, "refuses late", tag);
      }
    };
    const mostMs = isVeryLate ? conditions.veryLateMs : conditions.lateMs;
    scheduler.at(scheduler.now + mostMs * random.next(), arrive);
    // The worst moment is the last one: too late to be listed by then.
    const isLast = isVeryLate && typeof input === "string" && random.chance(0.5);
    if (isLast) service.beforeDiscard(input, arrive);
  };
  const neverAnswer = async (): Promise<never> => {
    await process.hang(clientTimeoutMs, signal);
    assertUnwished();
    signal?.throwIfAborted();
    throw timedOut();
  };

  const assertUnwished = () => {
    if (!signal?.aborted || !process.wish.aborted || signal.reason !== process.wish.reason) return;
    process.world.stuck ??= "The user's wish to stop has reached a create that was on its way.";
  };

  const fault = await process.begin("create", tag, connectMs);
  // The moment at which the request is written, or is not.
  assertUnwished();
  signal?.throwIfAborted();
  switch (fault) {
    case "lost":
      throw connectionLost(random);
    case "server-error-before":
      throw serverError();
    case "quota":
      throw noRoom();
    case "busy":
      throw tooBusy();
    case "hang":
      return neverAnswer();
    case "late":
    case "very-late":
      acceptLater(fault === "very-late");
      if (random.chance(0.5)) return neverAnswer();
      throw connectionLost(random);
    case "dead-late":
    case "dead-very-late":
      acceptLater(fault === "dead-very-late");
      return process.kill();
    default:
  }
  await process.pass(transitMs * random.next());
  const job = accept();
  switch (fault) {
    case "unanswered":
      throw connectionLost(random);
    case "server-error-after":
      throw serverError();
    case "alien-answer":
      throw alienAnswer();
    case "hang-accepted":
      return neverAnswer();
    default:
  }
  const report = service.report(job, scheduler.now);
  await process.end(fault);
  // Timers fire before a process that was frozen reads what has come for it, or after.
  if (signal?.aborted && random.chance(0.5)) throw signal.reason;
  return report;
}
