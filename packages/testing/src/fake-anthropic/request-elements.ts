import { Refusal } from "./anthropic-error.js";
import { createValueReader, isSpace } from "./json-value-reader.js";

const quote = 0x22;
const comma = 0x2c;
const open = { object: 0x7b, array: 0x5b } as const;
const close = { object: 0x7d, array: 0x5d } as const;

/** What may come next between two values. */
type Place =
  | "start"
  | "first-name"
  | "name"
  | "colon"
  | "list"
  | "first-element"
  | "element"
  | "after-element"
  | "after-list"
  | "end";

/**
 * The elements of `requests` in a create's body, as bytes that are not parsed yet: one array for each
 * chunk of the body, so that memory stays flat. The body is an object with this one field.
 *
 * @throws Refusal where it is anything else.
 */
export async function* requestElements(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Buffer[]> {
  const value = createValueReader();
  let place: Place = "start";
  let hasList = false;

  /** Takes one byte that is no part of a value, and says where it leads. */
  function step(byte: number): Place {
    switch (place) {
      case "start":
        if (byte === open.object) return "first-name";
        throw new Refusal(400, "The request body must be a JSON object.");
      case "colon":
        if (byte === 0x3a) return "list";
        break;
      case "list":
        if (byte === open.array) return "first-element";
        throw new Refusal(400, "requests: Input should be a valid list");
      case "first-name":
        if (byte === close.object) return "end";
        break;
      case "first-element":
        if (byte === close.array) return "after-list";
        break;
      case "after-element":
        if (byte === comma) return "element";
        if (byte === close.array) return "after-list";
        break;
      case "after-list":
        if (byte === comma) return "name";
        if (byte === close.object) return "end";
        break;
    }
    throw broken();
  }

  function readName(bytes: Buffer): void {
    const name = parsed(bytes.toString());
    if (typeof name !== "string" || (name === "requests" && hasList)) throw broken();
    if (name !== "requests") throw new Refusal(400, `${name}: Extra inputs are not permitted`);
    hasList = true;
  }

  for await (const part of body) {
    const chunk = Buffer.from(part.buffer, part.byteOffset, part.length);
    const elements: Buffer[] = [];
    value.startChunk(chunk);
    for (let at = 0; at < chunk.length; ) {
      const byte = chunk[at] ?? 0;
      if (!value.isOpen && isSpace(byte)) at += 1;
      else if (!value.isOpen && !startsValue(place, byte)) {
        place = step(byte);
        at += 1;
      } else {
        at = value.read(at);
        const bytes = value.take();
        if (!bytes) continue;
        if (place === "name" || place === "first-name") {
          readName(bytes);
          place = "colon";
        } else {
          elements.push(bytes);
          place = "after-element";
        }
      }
    }
    yield elements;
  }
  if (place !== "end") throw broken();
  if (!hasList) throw new Refusal(400, "requests: Field required");
}

/**
 * What the text says.
 *
 * @throws Refusal where it is no JSON.
 */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken();
  }
}

function broken(): Refusal {
  return new Refusal(400, "The request body is not valid JSON.");
}

function startsValue(place: Place, byte: number): boolean {
  if (place === "name" || place === "first-name") return byte === quote;
  if (place !== "element" && place !== "first-element") return false;
  return byte !== comma && byte !== close.array && byte !== close.object;
}
