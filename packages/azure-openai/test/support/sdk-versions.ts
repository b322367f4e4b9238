import OpenAI, { AzureOpenAI } from "openai";
import OpenAI7, { AzureOpenAI as AzureOpenAI7 } from "openai-7";

/** What every client of a test takes. */
interface Connection {
  /** The resource: `http://127.0.0.1:40213`. */
  readonly resource: string;
  readonly apiKey: string;
  readonly maxRetries?: number;
}

type Connect = (connection: Connection) => OpenAI;

// Another copy's class is another type, because of its private fields; what is called is the same.
const asOurs = (client: object) => client as unknown as OpenAI;

const apiVersion = "2024-10-21";

/** What makes a client of either API, with each SDK that is supported. */
export const clients: readonly (readonly [name: string, connect: Connect])[] = [
  [
    "the v1 API with openai 6",
    ({ resource, ...rest }) => new OpenAI({ ...rest, baseURL: `${resource}/openai/v1` }),
  ],
  [
    "the v1 API with openai 7",
    ({ resource, ...rest }) => asOurs(new OpenAI7({ ...rest, baseURL: `${resource}/openai/v1` })),
  ],
  [
    "the classic API with openai 6",
    ({ resource, ...rest }) => new AzureOpenAI({ ...rest, endpoint: resource, apiVersion }),
  ],
  [
    "the classic API with openai 7",
    ({ resource, ...rest }) =>
      asOurs(new AzureOpenAI7({ ...rest, endpoint: resource, apiVersion })),
  ],
];
