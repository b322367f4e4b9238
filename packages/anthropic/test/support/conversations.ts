import fc from "fast-check";

/** A text that says something. */
export const text: fc.Arbitrary<string> = fc.string({ minLength: 1 });
/** An object as JSON holds it: there is no -0 in it. */
export const input: fc.Arbitrary<object> = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map((value): object => JSON.parse(JSON.stringify(value)));

/** What one message says, in its own words. */
export type Said = readonly [speaker: string, what: string, value: unknown];

/** A message of a chat, and what has to arrive of it. */
interface Step {
  readonly messages: readonly object[];
  readonly said: readonly Said[];
  /** How many of Claude's messages the chat's messages become. */
  readonly turns: number;
}

interface Part {
  readonly part: object;
  readonly said: readonly [what: string, value: unknown] | undefined;
}

const textPart = text.map(
  (value): Part => ({
    part: { type: "text", text: value },
    said: ["text", value],
  }),
);
const emptyPart = fc.constant<Part>({ part: { type: "text", text: "" }, said: undefined });
const imagePart = fc
  .tuple(
    fc.constantFrom("png", "jpeg", "gif", "webp"),
    fc.uint8Array({ minLength: 1 }),
    fc.webUrl({ validSchemes: ["https"] }),
    fc.boolean(),
  )
  .map(([kind, bytes, link, isLink]): Part => {
    const data = Buffer.from(bytes).toString("base64");
    const url = isLink ? link : `data:image/${kind};base64,${data}`;
    const source = isLink
      ? { type: "url", url }
      : { type: "base64", media_type: `image/${kind}`, data };
    return { part: { type: "image_url", image_url: { url } }, said: ["image", source] };
  });

function saidBy(speaker: string, parts: readonly Part[]): readonly Said[] {
  return parts.flatMap(({ said }) => (said ? [[speaker, ...said] as const] : []));
}

/** Parts of which one at least says something. */
function partsOf(...kinds: readonly fc.Arbitrary<Part>[]): fc.Arbitrary<readonly Part[]> {
  return fc
    .tuple(textPart, fc.array(fc.oneof(...kinds, emptyPart), { maxLength: 3 }))
    .map(([first, rest]) => [...rest, first]);
}

function written(parts: readonly Part[]): readonly object[] {
  return parts.map(({ part }) => part);
}

const system = fc
  .tuple(fc.constantFrom("system", "developer"), partsOf(textPart))
  .map(([role, parts]) => ({
    message: { role, content: written(parts) },
    said: saidBy("system", parts),
  }));

const user = fc.oneof(
  text.map((content): Step => {
    const said: readonly Said[] = [["user", "text", content]];
    return { messages: [{ role: "user", content }], said, turns: 1 };
  }),
  partsOf(textPart, imagePart).map((parts): Step => {
    const message = { role: "user", content: written(parts) };
    return { messages: [message], said: saidBy("user", parts), turns: 1 };
  }),
);

const answer = text.map((content): Step => {
  const said: readonly Said[] = [["assistant", "text", content]];
  return { messages: [{ role: "assistant", content }], said, turns: 1 };
});

const called = fc.record({
  id: fc.uuid(),
  name: text,
  input,
  result: fc.oneof(fc.constant<readonly Part[]>([]), partsOf(textPart, imagePart)),
});

/** Tool calls, their results in any order, and perhaps a user message that joins them. */
const calls = fc
  .tuple(fc.uniqueArray(called, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }), text)
  .chain(([list, content]) => {
    const all = fc.shuffledSubarray(list, { minLength: list.length });
    return fc.tuple(all, fc.option(user, { nil: undefined })).map(([shuffled, next]): Step => {
      const tool_calls = list.map(({ id, name, input }) => {
        return { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
      });
      const results = shuffled.map(({ id, result }) => {
        return { role: "tool", tool_call_id: id, content: written(result) };
      });
      return {
        messages: [
          { role: "assistant", content, tool_calls },
          ...results,
          ...(next?.messages ?? []),
        ],
        said: [
          ["assistant", "text", content],
          ...list.map(({ id, name, input }): Said => ["assistant", "call", { id, name, input }]),
          ...list.map(({ id, result }): Said => {
            return ["user", "result", { id, said: saidBy("tool", result) }];
          }),
          ...(next?.said ?? []),
        ],
        turns: 2,
      };
    });
  });

/** A chat. */
interface Conversation {
  readonly messages: readonly object[];
  /** What has to arrive of it, in order. */
  readonly said: readonly Said[];
  /** How many of Claude's messages it becomes. */
  readonly turns: number;
}

/** Chats with everything that can be converted, and system messages anywhere. */
export const conversation: fc.Arbitrary<Conversation> = fc
  .tuple(fc.array(fc.oneof(user, answer, calls), { minLength: 1, maxLength: 5 }), fc.array(system))
  .chain(([steps, systems]) => {
    // A user message after results is part of that step: between steps something else has to speak.
    const apart = steps.flatMap((step, index) => {
      const before = steps[index - 1];
      const isJoined = before?.turns === 2 && step.said[0]?.[0] === "user";
      return isJoined ? [between, step] : [step];
    });
    const messages = apart.flatMap((step) => step.messages);
    const place = fc.nat({ max: messages.length });
    return fc
      .array(place, { minLength: systems.length, maxLength: systems.length })
      .map((places) => {
        const sorted = places.toSorted((one, other) => one - other);
        const mixed = [...messages];
        sorted.forEach((at, index) => {
          const one = systems[index];
          if (one) mixed.splice(at + index, 0, one.message);
        });
        return {
          messages: mixed,
          said: [...systems.flatMap(({ said }) => said), ...apart.flatMap(({ said }) => said)],
          turns: apart.reduce((sum, { turns }) => sum + turns, 0),
        };
      });
  });

const between: Step = {
  messages: [{ role: "assistant", content: "Well." }],
  said: [["assistant", "text", "Well."]],
  turns: 1,
};
