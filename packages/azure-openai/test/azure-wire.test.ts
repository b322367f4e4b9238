import type { JsonObject, WireFormat } from "@langbatch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { azureWire } from "../src/azure-wire.js";

/** What is sent of a line; `undefined` where it is the line itself. */
function encode(wire: WireFormat, line: string): string | undefined {
  const sent = wire.encode({ request: JSON.parse(line), wireId: "a", line: Buffer.from(line) });
  return sent && Buffer.from(sent).toString();
}

function lineOf(body: JsonObject): string {
  const url = "/v1/chat/completions";
  return JSON.stringify({ custom_id: "a", method: "POST", url, body });
}

describe("a message without content", () => {
  it("is sent with an empty one, and everything else as it is written", () => {
    const line = `{"custom_id":"a" , "method":"POST","url":"/v1/chat/completions","body":{"seed":12345678901234567890,"messages":[ {"role":"user","content":"\\u00e9 null"},{"content" :null ,"role":"assistant","tool_calls":[{"content":null}]},{"role":"tool","content": null}],"model":"m","x":null}}`;
    expect(encode(azureWire(undefined), line)).toBe(
      line
        .replace('"content" :null ,', '"content" :"",')
        .replace('"content": null}', '"content": ""}'),
    );
  });

  it("leaves every other line as it is", () => {
    const bodies: JsonObject[] = [
      { model: "m", messages: [{ role: "user", content: "null" }] },
      { model: "m", messages: [{ role: "user", content: [{ type: "text", text: null }] }] },
      { model: "m", messages: [{ role: "assistant", tool_calls: [] }] },
      { model: "m", input: null },
      { model: "m", messages: null },
      { model: "m", messages: ["content", null] },
    ];
    for (const body of bodies) expect(encode(azureWire(undefined), lineOf(body))).toBeUndefined();
  });

  it("is found where a field is written with escapes, or is there twice", () => {
    const escaped = lineOf({ model: "m", messages: [{ role: "user", content: null }] });
    const lines = [
      escaped.replace('"content"', '"conten\\u0074"'),
      escaped.replace('"messages"', '"mess\\u0061ges"'),
      escaped.replace('"content":null', '"content":"first","content":null'),
      escaped.replace('"body":{', '"body":{"messages":[],'),
    ];
    for (const line of lines) {
      const sent = JSON.parse(encode(azureWire(undefined), line) ?? "");
      expect(sent.body.messages).toEqual([{ role: "user", content: "" }]);
    }
  });
});

describe("a deployment", () => {
  it("stands in for whatever model a request names, byte for byte otherwise", () => {
    const line = `{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"input":"\\"model\\":\\"x\\"","model" : "gpt-5-mini","seed":9007199254740993}}`;
    expect(encode(azureWire("my batch"), line)).toBe(
      line.replace('"model" : "gpt-5-mini"', '"model" : "my batch"'),
    );
  });

  it("changes nothing where the request names it already", () => {
    const line = lineOf({ model: "mine", messages: [{ role: "user", content: "x" }] });
    expect(encode(azureWire("mine"), line)).toBeUndefined();
  });
});

it("sends what parsing says should be sent, of any body", () => {
  const message = fc.oneof(
    fc.record(
      { role: fc.string(), content: fc.oneof(fc.constant(null), fc.jsonValue()) },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.record({ model: fc.string(), messages: fc.array(message), rest: fc.jsonValue() }),
      fc.constantFrom(undefined, "d", 'a "b"'),
      fc.constantFrom(undefined, 1),
      (body, deployment, indent) => {
        const line = JSON.stringify({ custom_id: "a", body }, null, indent);
        const plain = JSON.parse(line);
        const wanted = {
          ...plain,
          body: {
            ...plain.body,
            ...(deployment !== undefined && { model: deployment }),
            messages: plain.body.messages.map((each: unknown) => {
              const isNull = (each as { content?: unknown } | null)?.content === null;
              return isNull && !Array.isArray(each) ? { ...(each as object), content: "" } : each;
            }),
          },
        };
        expect(JSON.parse(encode(azureWire(deployment), line) ?? line)).toEqual(wanted);
      },
    ),
  );
});
