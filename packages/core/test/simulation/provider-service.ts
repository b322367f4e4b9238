import { type Job, LangBatchError } from "../../src/index.js";
import {
  type AcceptedJob,
  acceptJob,
  reportJob,
  withoutInput,
  withoutRoom,
} from "./accepted-job.js";
import type { Conditions } from "./conditions.js";
import type { Random } from "./random.js";
import type { SentRequest } from "./sent-request.js";
import { knownStranger, namelessStranger } from "./strangers.js";
import { inputGone, noRoom } from "./troubles.js";

/**
 * The provider's side of the wire, shared by all processes: nothing goes wrong here. Its ledger of
 * accepted jobs is what would be paid for.
 */
export class ProviderService {
  /** Every job that was ever accepted, oldest first. */
  readonly ledger: AcceptedJob[] = [];
  /** How many jobs were active at once at most. */
  mostActive = 0;
  /** The ids of the jobs that somebody asked to cancel. */
  readonly cancels: string[] = [];
  readonly #inputs = new Map<string, readonly SentRequest[]>();
  readonly #arrivals = new Map<string, () => void>();
  readonly #cleaned = new Set<string>();
  readonly #strangers: Job[] = [];
  readonly #nameless: AcceptedJob[] = [];
  readonly #conditions: Conditions;
  readonly #random: Random;
  #ids = 0;

  constructor(conditions: Conditions, random: Random) {
    this.#conditions = conditions;
    this.#random = random;
    for (let number = 0; number < conditions.strangers; number += 1) {
      if (conditions.shows === "nothing") {
        this.#nameless.push(namelessStranger(number, conditions, random));
      } else this.#strangers.push(knownStranger(number, random));
    }
  }

  /** Takes an input, by its requests. */
  upload(requests: readonly SentRequest[]): string {
    const id = this.#newId("file");
    this.#inputs.set(id, requests);
    return id;
  }

  /** Lets a create arrive, if it has not until then, at the last moment at which its input is there. */
  beforeDiscard(inputId: string, arrive: () => void): void {
    this.#arrivals.set(inputId, arrive);
  }

  /** Deletes an input; what still reads it fails. */
  discard(inputId: string, now: number): void {
    this.#arrivals.get(inputId)?.();
    this.#inputs.delete(inputId);
    for (const [at, job] of this.ledger.entries()) {
      if (job.inputId === inputId) this.ledger[at] = withoutInput(job, now);
    }
  }

  /** Deletes what is kept of an ended job: from now on it has no results. */
  clean(id: string, now: number): void {
    const { inputId } = this.accepted(id);
    if (inputId !== undefined) this.discard(inputId, now);
    this.#cleaned.add(id);
  }

  /** Whether the results of a job were deleted. */
  isCleaned(id: string): boolean {
    return this.#cleaned.has(id);
  }

  /**
   * Makes a job of an upload, or of the requests themselves.
   *
   * @throws `rejected` where the upload is gone; `quota` where that is what happens without room.
   */
  create(tag: string, input: string | readonly SentRequest[], now: number): AcceptedJob {
    const inputId = typeof input === "string" ? input : undefined;
    const requests = typeof input === "string" ? this.#inputs.get(input) : input;
    if (!requests) throw inputGone(inputId);
    const active = this.ledger.filter(({ endsAt }) => now < endsAt).length;
    const hasRoom = active < this.#conditions.room;
    if (!hasRoom && this.#conditions.withoutRoom === "refuse") throw noRoom();
    const ids = { id: this.#newId("job"), tag, inputId };
    const accepted = acceptJob(ids, requests, now, this.#conditions, this.#random);
    const job = hasRoom ? accepted : withoutRoom(accepted, this.#random);
    this.ledger.push(job);
    this.mostActive = Math.max(this.mostActive, active + 1);
    return job;
  }

  report(job: AcceptedJob, now: number): Job {
    return reportJob(job, now, this.#conditions);
  }

  /** The job with this id, unless it is too new to be seen. */
  find(id: string, now: number): AcceptedJob | undefined {
    const isSeen = (job: AcceptedJob) => job.id === id && job.seenAt <= now;
    return this.ledger.find(isSeen) ?? this.#nameless.find(isSeen);
  }

  /** The job with this id, however new: its results are files of their own. */
  accepted(id: string): AcceptedJob {
    const job = [...this.ledger, ...this.#nameless].find((known) => known.id === id);
    if (job) return job;
    throw new LangBatchError("not_found", `There is no job ${id}.`, { status: 404 });
  }

  /** What is listed, newest first, by the provider's clock. */
  list(since: number, now: number): Job[] {
    return [
      ...[...this.ledger, ...this.#nameless]
        .filter(({ listedAt }) => listedAt <= now)
        .map((job) => this.report(job, now)),
      ...this.#strangers,
    ]
      .filter(({ createdAt }) => createdAt >= since)
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  #newId(kind: string): string {
    this.#ids += 1;
    return `${kind}-${this.#ids}`;
  }
}
