import type { Dispatcher } from "undici";
import type { Answer } from "./question.js";

/** The longest answer that is read, in bytes. */
export const mostAnswerBytes: number = 64 * 1024 * 1024;

type Controller = Dispatcher.DispatchController;
type ResponseHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** How an exchange tells what came of it. */
interface ExchangeEnds {
  readonly signal: AbortSignal;
  resolve(answer: Answer): void;
  /** With the signal's reason. */
  reject(reason: unknown): void;
  /** What an error means that came instead of an answer. */
  toAnswer(error: Error): Answer;
}

/**
 * One request on its way, as undici's dispatcher tells of it. Its `request` would make a stream of every
 * answer, which costs as much again as all the rest.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private readonly ends: ExchangeEnds;
  private readonly chunks: Buffer[] = [];
  private controller: Controller | undefined;
  private status = 0;
  private headers: ResponseHeaders = {};

  constructor(ends: ExchangeEnds) {
    this.ends = ends;
    if (ends.signal.aborted) ends.reject(ends.signal.reason);
    else ends.signal.addEventListener("abort", this);
  }

  /** The signal is aborted. A request that has no connection yet is stopped when it gets one. */
  handleEvent(): void {
    const { signal, reject } = this.ends;
    signal.removeEventListener("abort", this);
    reject(signal.reason);
    this.controller?.abort(new Error("Aborted."));
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    if (this.ends.signal.aborted) controller.abort(new Error("Aborted."));
  }

  onResponseStart(_controller: Controller, status: number, headers: ResponseHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const { chunks, headers } = this;
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const shown = new PlainHeaders(headers);
    this.settle({
      came: "response",
      status: this.status,
      headers: shown,
      requestId: shown.get("x-request-id") ?? undefined,
      text: body?.toString("utf8") ?? "",
    });
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (!this.ends.signal.aborted) this.settle(this.ends.toAnswer(error));
  }

  private settle(answer: Answer): void {
    this.ends.signal.removeEventListener("abort", this);
    this.ends.resolve(answer);
  }
}

/** Headers by their names in lower case, without the work that a `Headers` is. */
class PlainHeaders implements Pick<Headers, "get"> {
  private readonly values: ResponseHeaders;

  constructor(values: ResponseHeaders) {
    this.values = values;
  }

  get(name: string): string | null {
    const value = this.values[name.toLowerCase()];
    return (Array.isArray(value) ? value.join(", ") : value) ?? null;
  }
}
