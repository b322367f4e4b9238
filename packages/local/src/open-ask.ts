import { LangBatchError } from "@langbatch/core";
import type { Secrets } from "@langbatch/core/http";
import { askClient } from "./ask-client.js";
import { askEndpoint } from "./ask-endpoint.js";
import { askHandler } from "./ask-handler.js";
import { checkOptions } from "./check-options.js";
import { endpointAddress } from "./endpoint-address.js";
import type { Handler, LocalOptions, OpenAIClient } from "./local-options.js";
import type { Ask } from "./question.js";

/** Who answers, ready to be asked. */
export interface OpenedAsk {
  readonly ask: Ask;
  /** The endpoint's address, without credentials and query. Absent where a function answers. */
  readonly address?: string;
  /** What nothing may show, at this moment: the key of a client may change. */
  readonly secrets: Secrets;
  /** Ends the connections, and what is still asked on them. */
  close(): Promise<void>;
}

/**
 * Opens what the options name. Nothing is sent.
 *
 * @throws `missing_setting` where nobody answers, `invalid_option` where an option cannot be used.
 */
export function openAsk(options: LocalOptions): OpenedAsk {
  checkOptions(options);
  const { handler, client, baseURL, apiKey, headers } = options;
  const given = Object.entries({ handler, client, baseURL }).filter(
    ([, value]) => value !== undefined,
  );
  const [name] = given.map(([name]) => name);
  if (name === undefined) throw nobody();
  if (given.length > 1) {
    const names = given.map(([name]) => `\`${name}\``);
    throw invalid(`${names.join(" and ")} are given, but one answers. Leave the rest out.`);
  }
  if (name !== "baseURL" && (apiKey !== undefined || headers !== undefined)) {
    const extra = apiKey === undefined ? "headers" : "apiKey";
    throw invalid(`\`${extra}\` goes with \`baseURL\`, but \`${name}\` is given. Set it there.`);
  }
  if (baseURL !== undefined) return askEndpoint({ ...options, baseURL });
  return client === undefined ? openHandler(handler) : openClient(client);
}

function openHandler(handler: Handler | undefined): OpenedAsk {
  if (typeof handler !== "function") throw invalid("`handler` is no function. Give one.");
  return { ask: askHandler(handler), secrets: [], close: async () => {} };
}

function openClient(client: OpenAIClient): OpenedAsk {
  if (typeof client?.post !== "function") {
    throw invalid("`client` is no client of npm `openai`. Give one of version 6 or 7.");
  }
  const { shown, secrets } = endpointAddress(client.baseURL);
  const names = {
    address: shown,
    get secrets() {
      return [...keysOf(client), ...secrets];
    },
  };
  return Object.assign(names, { ask: askClient(client, names), close: async () => {} });
}

/** Its keys, as npm `openai` 6.49.0 and 7.57.0 keep them. */
function keysOf(client: object): string[] {
  const { apiKey, adminAPIKey }: { readonly apiKey?: unknown; readonly adminAPIKey?: unknown } =
    client;
  return [apiKey, adminAPIKey].filter((key) => typeof key === "string");
}

function nobody(): LangBatchError {
  return new LangBatchError(
    "missing_setting",
    "Nobody is named who answers. Say who: `batchKwargs: { baseURL }`, `{ client }` or `{ handler }`.",
    { provider: "local" },
  );
}

function invalid(message: string): LangBatchError {
  return new LangBatchError("invalid_option", message, { provider: "local" });
}
