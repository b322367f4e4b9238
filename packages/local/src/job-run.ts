import type { Job, Journal, LangBatchError, ShardInput } from "@langbatch/core";
import { afterVerdict } from "./after-verdict.js";
import { openAlarm } from "./alarm.js";
import type { Answered } from "./answered.js";
import { type Attempts, openAttempts } from "./attempts.js";
import { openCommit } from "./commit.js";
import { estimateTokens } from "./estimate-tokens.js";
import { type Flight, openFlights } from "./flights.js";
import type { JobParts } from "./job-parts.js";
import { openNews } from "./news.js";
import { passageEnd } from "./passage-end.js";
import type { Answer } from "./question.js";
import { questionsOf } from "./questions-of.js";
import { openTally } from "./report.js";
import { isSuccess, resultLine } from "./result-line.js";
import { openStopRule } from "./stop-rule.js";
import { joinTurns } from "./turns.js";
import type { Result } from "./verdict.js";
import { withProgress } from "./with-progress.js";

/** A job that is run. It does nothing before it is started. */
export interface JobRun {
  start(): void;
  /**
   * Resolves with `true` when it has come further, not too often; with `false` when every request has its
   * line. Rejects with why it has ended otherwise.
   */
  changed(): Promise<boolean>;
  /** How far it has come. */
  progress(): Required<Pick<Job, "counts" | "report">>;
  /** Begins nothing new, lets what is on its way end, but not for long, and then fails with this reason. */
  stop(reason: unknown): void;
  /** Ends all at once; waits for nothing but the append on its way. */
  close(): Promise<void>;
}

/** Which job is run, and what is known of it. */
export interface JobRunOptions extends JobParts {
  readonly input: ShardInput;
  readonly journal: Pick<Journal, "append">;
  /** What the endpoint is called in every line: `/v1/chat/completions`. */
  readonly endpoint: string;
  /** What is durable already. */
  readonly answered: Answered;
}

/** A request with the line that it is given. */
interface Kept {
  readonly flight: Flight;
  readonly result: Result;
}

/** How long what is on its way may take when a run is to stop. */
const drainMs = 5_000;

/** Opens a run. Nothing is read or asked yet. */
export function openJobRun(run: JobRunOptions): JobRun {
  const { answered, ask, gate, input, judge, options, ports } = run;
  const { elapsed, random } = ports;
  const { timeoutMs = 600_000, retries = 4 } = options;
  const tally = openTally(answered, elapsed());
  const rule = openStopRule();
  const news = openNews(elapsed());
  const alarm = openAlarm(ports, { rang, failed: fail });
  const commit = openCommit<Kept>(run.journal, { kept, failed: fail });
  const flights = openFlights({ ask, gate, elapsed, timeoutMs, answered: landed, failed: stopAt });
  const turns = joinTurns(gate, send);
  let attempts: Attempts | undefined;
  let stopping: { readonly reasonNow: () => unknown; readonly until: number } | undefined;

  function isSending(): boolean {
    return !stopping && !news.isEnded;
  }

  /** Sends what may go. Returns whether the gate is left to other runs. */
  function send(): boolean {
    try {
      while (isSending()) {
        const now = elapsed();
        const attempt = attempts?.next(now, gate.concurrency);
        if (!attempt || flights.size >= rule.mostOnTheWay) return true;
        const delayMs = gate.delayMs(attempt.tokens);
        if (delayMs > 0) {
          alarm.at(now + delayMs);
          return false;
        }
        attempts?.take();
        tally.sent();
        flights.begin(attempt, now);
        alarm.at(now + timeoutMs);
      }
    } catch (error) {
      fail(error);
    }
    return true;
  }

  function landed(flight: Flight, answer: Answer): void {
    const now = elapsed();
    const latencyMs = now - flight.beganAt;
    const verdict = judge(answer);
    flight.passage.end(passageEnd(answer, verdict, latencyMs));
    const after = afterVerdict(verdict, flight.attempt, retries, random());
    if (after.next === "keep") {
      if (answer.came === "response") tally.answered(latencyMs);
      keep(flight, after.result);
    } else {
      flight.passage.release();
      tally.again(after.isToldSo);
      attempts?.again(after.attempt, now + after.delayMs);
    }
    const error = rule.note(verdict, now) ?? rule.overdue(now, flights.oldestBeganAt);
    if (error) stopFor(error);
    settle();
    turns.serve();
    setAlarm(now);
  }

  function keep(flight: Flight, result: Result): void {
    const { position, customId } = flight.attempt.question;
    commit.add(resultLine(`${input.tag}-${position}`, customId, result), { flight, result });
  }

  function kept(items: readonly Kept[]): void {
    for (const { flight, result } of items) {
      answered.add(flight.attempt.question.position, isSuccess(result), result.usage);
      flight.passage.release();
    }
    const now = elapsed();
    news.tell(now);
    settle();
    turns.serve();
    setAlarm(now);
  }

  function done(): number {
    return answered.completed + answered.failed;
  }

  /** Ends the run where there is nothing left to wait for. */
  function settle(): void {
    if (done() === input.requests) news.end();
    else if (stopping && flights.size === 0 && commit.isIdle) {
      news.end({ error: stopping.reasonNow() });
    }
  }

  /** Only for what is still to come: what is due already waits for something else. */
  function setAlarm(now: number): void {
    const times = [
      flights.oldestBeganAt + timeoutMs,
      stopping ? stopping.until : (attempts?.nextDueAt ?? now),
      rule.overdueAt,
      news.dueAt,
    ];
    for (const time of times) {
      if (time > now) alarm.at(time);
    }
  }

  function rang(): void {
    const now = elapsed();
    if (stopping && now >= stopping.until) fail(stopping.reasonNow());
    flights.expire(now);
    const error = rule.overdue(now, flights.oldestBeganAt);
    if (error) stopFor(error);
    news.rang(now);
    turns.serve();
    setAlarm(now);
  }

  function stopFor(error: LangBatchError): void {
    stop(() => withProgress(error, done(), input.requests));
  }

  /** Nothing can be asked any more, but what is on its way can still be kept. */
  function stopAt(error: unknown): void {
    stop(() => error);
  }

  /** Begins nothing new. */
  function stop(reasonNow: () => unknown): void {
    const now = elapsed();
    if (isSending()) stopping = { reasonNow, until: now + drainMs };
    turns.leave();
    settle();
    turns.serve();
    setAlarm(now);
  }

  /** Nothing can be kept any more. */
  function fail(error: unknown): void {
    const reason = stopping ? stopping.reasonNow() : error;
    news.end({ error: reason });
    turns.leave();
    flights.abort(reason);
    turns.serve();
  }

  return {
    start() {
      const { groupByPrefix = false, tokensPerMinute } = options;
      const source = { input, url: run.endpoint, isAnswered: answered.has };
      attempts = openAttempts({
        read: (signal) => questionsOf({ ...source, signal }, groupByPrefix),
        tokensOf: tokensPerMinute === undefined ? () => 0 : estimateTokens,
        ready: turns.serve,
        failed: stopAt,
      });
      settle();
    },
    changed() {
      const changed = news.next(elapsed());
      setAlarm(elapsed());
      return changed;
    },
    progress() {
      const { completed, failed } = answered;
      return {
        counts: { total: input.requests, completed, failed },
        report: tally.report(elapsed(), gate.concurrency),
      };
    },
    stop: stopAt,
    async close() {
      news.end({ error: closed });
      turns.leave();
      alarm.close();
      flights.abort(closed);
      turns.serve();
      const [lost] = await Promise.all([commit.close(), attempts?.close()]);
      for (const { flight } of lost) flight.passage.release();
      turns.serve();
    },
  };
}

/** What the signals of requests say that nobody waits for any more. */
const closed = new DOMException("The run was ended.", "AbortError");
