import { createTextWriter } from "../fake-server/json-lines.js";
import { Refusal } from "./anthropic-error.js";
import { parsed, requestElements } from "./request-elements.js";

/** The most a create may bring. */
export interface CreateLimits {
  readonly maxRequests: number;
  /** Of the whole body. */
  readonly maxBytes: number;
}

/** A create's requests, spooled to a file with one request on each line. */
export interface ReceivedRequests {
  readonly path: string;
  readonly requests: number;
  readonly firstCustomId: string;
}

/**
 * Reads the body of a create into a file. What is in `params` is not looked at: Anthropic API
 * reference, "Create a Message Batch", validates it later.
 *
 * @throws Refusal where the body is wrong or too large.
 */
export async function receiveRequests(
  body: AsyncIterable<Uint8Array>,
  announcedBytes: string | undefined,
  path: string,
  limits: CreateLimits,
): Promise<ReceivedRequests> {
  if (Number(announcedBytes ?? 0) > limits.maxBytes) throw tooLarge();
  const writer = createTextWriter(path);
  const customIds = new Set<string>();
  try {
    for await (const elements of requestElements(counted(body, limits.maxBytes))) {
      for (const element of elements) {
        const index = customIds.size;
        if (index === limits.maxRequests) throw tooMany(limits.maxRequests);
        const text = element.toString();
        const customId = readCustomId(parsed(text), index);
        if (customIds.has(customId)) {
          throw wrong(index, ".custom_id", `Duplicate custom_id '${customId}'`);
        }
        customIds.add(customId);
        // A line end in JSON is only ever white space between two values.
        writer.add(`${text.replace(/[\r\n]+/g, " ")}\n`);
      }
      if (writer.isFull) await writer.flush();
    }
  } finally {
    await writer.close();
  }
  const [firstCustomId] = customIds;
  if (firstCustomId !== undefined) return { path, requests: customIds.size, firstCustomId };
  const message = "List should have at least 1 item after validation, not 0";
  throw new Refusal(400, `requests: ${message}`);
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    yield chunk;
  }
}

/** @throws Refusal where the element is not exactly a request. */
function readCustomId(element: unknown, index: number): string {
  if (!isObject(element)) throw wrong(index, "", "Input should be a valid dictionary");
  const { custom_id: customId, params, ...more } = element;
  if (customId === undefined) throw wrong(index, ".custom_id", "Field required");
  if (typeof customId !== "string") {
    throw wrong(index, ".custom_id", "Input should be a valid string");
  }
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(customId)) {
    throw wrong(index, ".custom_id", "String should match pattern '^[a-zA-Z0-9_-]{1,64}$'");
  }
  if (params === undefined) throw wrong(index, ".params", "Field required");
  if (!isObject(params)) throw wrong(index, ".params", "Input should be a valid dictionary");
  const [name] = Object.keys(more);
  if (name === undefined) return customId;
  throw wrong(index, `.${name}`, "Extra inputs are not permitted");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(index: number, field: string, message: string): Refusal {
  return new Refusal(400, `requests.${index}${field}: ${message}`);
}

function tooMany(most: number): Refusal {
  return new Refusal(400, `requests: List should have at most ${most} items after validation`);
}

function tooLarge(): Refusal {
  return new Refusal(413, "Request exceeds the maximum size");
}
