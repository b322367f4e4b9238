/** The types of one endpoint, carried by a batch so that nobody has to write them. */
export interface EndpointTypes {
  /** What a request's `body` holds. */
  readonly body: object;
  /** What a successful answer's `body` holds. */
  readonly response: unknown;
  /** What `create` takes for one request. */
  readonly item: unknown;
  /** What a successful result shows directly, besides `model` and `usage`. */
  readonly shows: object;
}

/** Why a body cannot be sent. */
export interface BodyProblem {
  readonly code: string;
  /** Follows "Line 3: ", so it starts in lower case where it can. */
  readonly message: string;
}

/**
 * What is asked: the URL, how an item becomes a request body, what a body must have, and what a
 * result shows. A value, shared by every provider.
 */
export interface Endpoint<E extends EndpointTypes = EndpointTypes> {
  /** The path with its version: `/v1/chat/completions`. */
  readonly url: string;
  /**
   * The body fields an item stands for, before `requestKwargs` are added; a `custom_id` among them
   * names the request. `undefined` where the item is none of the shapes this endpoint takes.
   */
  toBody(item: unknown): object | undefined;
  /** What is wrong with a body beside its model; fields it does not know pass. */
  findProblem(body: Readonly<Record<string, unknown>>): BodyProblem | undefined;
  /** Whether an answer with a 2xx status has the shape of this endpoint's answers. */
  isResponse(body: object): boolean;
  /** The names of what {@link show} gives. */
  readonly shown: readonly string[];
  show(response: E["response"]): E["shows"];
}

/**
 * `T`, and any further field beside its own: services add fields that no type of ours knows. Not an
 * index signature alone, which would refuse the interfaces that SDKs declare their parameters with.
 */
export type Open<T> = T | (T & Readonly<Record<string, unknown>>);

/** A value that is an object and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value that is a list of texts, at least one. */
export function isTextList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === "string")
  );
}

/** The problem of a body that lacks a field. */
export function missing(field: string): BodyProblem {
  return { code: `missing_${field}`, message: `\`body.${field}\` is missing or empty.` };
}

/** Whether a field is absent or as good as absent: `null`, an empty text, an empty list. */
export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}
