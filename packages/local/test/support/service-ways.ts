import { setMaxListeners } from "node:events";
import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { onTestFinished } from "vitest";
import type { LocalOptions } from "../../src/local-options.js";
import { type OpenedAsk, openAsk } from "../../src/open-ask.js";
import type { Question } from "../../src/question.js";

/** The key that every way has where none is given. */
export const apiKey = "sk-canary-5up3r53cr3t";

// Numbers that JavaScript cannot hold, and spaces that nobody else would write.
export const text =
  '{ "model":"m","messages":[{"role":"user","content":"grüß dich"}], "seed":12345678901234567890 }';
export const question: Question = {
  customId: "a",
  url: "/v1/chat/completions",
  body: Buffer.from(text),
};
export const completion = { id: "c", object: "chat.completion", choices: [] };

/** Of a request that nobody stops. */
export const never: AbortSignal = new AbortController().signal;
setMaxListeners(0, never);

type Way = (baseURL: string, key?: string) => OpenedAsk;

/** Every way to ask a service, at the same address and with the same key; closed with the test. */
export const ways: [string, Way][] = [
  ["baseURL", closing((baseURL, key) => ({ baseURL, apiKey: key }))],
  [
    "npm openai 6",
    closing((baseURL, key) => ({ client: new OpenAI({ baseURL, apiKey: key, logLevel: "off" }) })),
  ],
  [
    "npm openai 7",
    closing((baseURL, key) => ({ client: new OpenAI7({ baseURL, apiKey: key, logLevel: "off" }) })),
  ],
];

function closing(optionsOf: (baseURL: string, key: string) => LocalOptions): Way {
  return (baseURL, key = apiKey) => {
    const asked = openAsk(optionsOf(baseURL, key));
    onTestFinished(() => asked.close());
    return asked;
  };
}
