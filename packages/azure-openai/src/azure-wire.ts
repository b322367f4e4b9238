import {
  arrayElements,
  type ByteRange,
  type JsonObject,
  topLevelValue,
  type WireFormat,
  type WireRequest,
} from "@langbatch/core";

/**
 * What Azure refuses of an OpenAI line, written otherwise: a message's `content: null` becomes `""`,
 * and with `deployment` it is the model of every request. The rest stays byte for byte.
 */
export function azureWire(deployment: string | undefined): WireFormat {
  return {
    encode(wanted) {
      const { body } = wanted.request;
      if (!isOtherwise(body, deployment)) return undefined;
      const edited = edit(wanted.line, deployment);
      // A field that is there twice, or written with escapes: parsing has another view of it.
      const isDone = !isOtherwise(bodyOf(edited), deployment);
      return isDone ? edited : rewrite(wanted, deployment);
    },
  };
}

function isOtherwise(body: object, deployment: string | undefined): boolean {
  const { model, messages } = body as { model?: unknown; messages?: unknown };
  if (deployment !== undefined && model !== deployment) return true;
  return Array.isArray(messages) && messages.some(isWithoutContent);
}

function isWithoutContent(message: unknown): boolean {
  const { content } = Object(message) as { readonly content?: unknown };
  return content === null;
}

function bodyOf(line: Buffer): object {
  return (JSON.parse(line.toString("utf8")) as WireRequest["request"]).body;
}

interface Edit extends ByteRange {
  readonly text: string;
}

function edit(line: Buffer, deployment: string | undefined): Buffer {
  const body = rangeOf(line, { start: 0, end: line.length }, "body");
  if (!body) return line;
  const model = deployment === undefined ? undefined : rangeOf(line, body, "model");
  const edits: Edit[] = model ? [{ ...model, text: JSON.stringify(deployment) }] : [];
  const messages = rangeOf(line, body, "messages");
  for (const message of messages
    ? arrayElements(line.subarray(messages.start, messages.end))
    : []) {
    const within = shift(message, messages?.start ?? 0);
    const content = rangeOf(line, within, "content");
    const isNull = content && line.toString("latin1", content.start, content.start + 4) === "null";
    if (isNull) edits.push({ ...content, text: '""' });
  }
  return applied(
    line,
    edits.toSorted((one, other) => one.start - other.start),
  );
}

function rangeOf(line: Buffer, { start, end }: ByteRange, field: string): ByteRange | undefined {
  const found = topLevelValue(line.subarray(start, end), field);
  return found && shift(found, start);
}

function shift({ start, end }: ByteRange, by: number): ByteRange {
  return { start: start + by, end: end + by };
}

function applied(line: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    parts.push(line.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...parts, line.subarray(at)]);
}

function rewrite({ request }: WireRequest, deployment: string | undefined): Buffer {
  const body = { ...request.body } as JsonObject & { messages?: unknown };
  const model = deployment === undefined ? {} : { model: deployment };
  const messages = Array.isArray(body.messages)
    ? {
        messages: body.messages.map((each) =>
          isWithoutContent(each) ? { ...each, content: "" } : each,
        ),
      }
    : {};
  return Buffer.from(JSON.stringify({ ...request, body: { ...body, ...model, ...messages } }));
}
