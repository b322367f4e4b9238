import OpenAI from "openai";
import OpenAI7 from "openai-7";
import { type OpenedAsk, openAsk } from "../../src/open-ask.js";

/** The key that every way has where none is given. */
export const apiKey = "sk-canary-5up3r53cr3t";

/** Every way to ask a service, at the same address and with the same key. */
export const ways: [string, (baseURL: string, key?: string) => OpenedAsk][] = [
  ["baseURL", (baseURL, key = apiKey) => openAsk({ baseURL, apiKey: key })],
  [
    "npm openai 6",
    (baseURL, key = apiKey) =>
      openAsk({ client: new OpenAI({ baseURL, apiKey: key, logLevel: "off" }) }),
  ],
  [
    "npm openai 7",
    (baseURL, key = apiKey) =>
      openAsk({ client: new OpenAI7({ baseURL, apiKey: key, logLevel: "off" }) }),
  ],
];
