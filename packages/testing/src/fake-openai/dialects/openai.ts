import type { Dialect } from "./dialect.js";

const same = <Value>(value: Value): Value => value;

/** OpenAI itself, and what every other dialect is made from. */
export const openai: Dialect = {
  basePaths: ["/v1"],
  namesAccounts: true,
  uploadPath: "/files",
  filePurpose: "batch",
  // npm `openai` 7.57.0, `resources/files.d.ts`, `ExpiresAfter`.
  expirySeconds: [3600, 2_592_000],
  maxFiles: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  maxRequests: 50_000,
  maxFileBytes: 200_000_000,
  // npm `openai` 7.57.0, `resources/batches.d.ts`, `BatchCreateParams.endpoint`.
  endpoints: [
    "/v1/responses",
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/completions",
    "/v1/moderations",
    "/v1/images/generations",
    "/v1/images/edits",
    "/v1/videos",
  ],
  takesShortUrls: false,
  completionWindow: /^24h$/,
  metadata: "kept",
  mixesModels: false,
  maxIdLength: Number.POSITIVE_INFINITY,
  refusesTokens: false,
  failuresIn: "error",
  hasEmptyErrorFile: false,
  list: "after",
  showBatch: same,
  showCreated: same,
  showRow: same,
};

/** Another service: it names nobody in its answers. */
export const compatible: Dialect = { ...openai, namesAccounts: false };
