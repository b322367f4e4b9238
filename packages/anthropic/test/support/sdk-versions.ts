import Anthropic from "@anthropic-ai/sdk";
import Anthropic0 from "anthropic-0";

/** How a client of a test is made. */
interface ClientSettings {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly maxRetries: number;
}

/** A client of each version of the SDK that is supported: the newest and, of the last 0.x, the last. */
export const clients: readonly (readonly [
  name: string,
  connect: (settings: ClientSettings) => Anthropic,
])[] = [
  ["@anthropic-ai/sdk 1.12", (settings) => new Anthropic(settings)],
  // Its own copy of the types says the same of what is used.
  ["@anthropic-ai/sdk 0.137", (settings) => new Anthropic0(settings) as unknown as Anthropic],
];
