export type { Handler, LocalOptions, LocalPorts, OpenAIClient } from "./local-options.js";
