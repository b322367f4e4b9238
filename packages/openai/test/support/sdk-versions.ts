import OpenAI, { type ClientOptions } from "openai";
import OpenAI7 from "openai-7";

/** What makes a client of each SDK that is supported. */
export const sdkVersions: readonly (readonly [
  name: string,
  connect: (options: ClientOptions) => OpenAI,
])[] = [
  ["openai 6", (options) => new OpenAI(options)],
  [
    "openai 7",
    // Another copy's class is another type, because of its private fields; what is called is the same.
    (options) => new OpenAI7(options as object) as unknown as OpenAI,
  ],
];
