import { azure } from "./azure.js";
import type { Dialect, DialectName, Shown } from "./dialect.js";
import { errorOfAnswer } from "./failed-row.js";
import { compatible, openai } from "./openai.js";
import { together } from "./together.js";

const chat = "/v1/chat/completions";
const completions = "/v1/completions";
const embeddings = "/v1/embeddings";

/** Any number of hours or days: what is too short or too long the service's own limits say. */
const anyWindow = /^\d+[hd]$/;

/** What is known of each service. Where its documentation says nothing, it answers like OpenAI. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  openai,
  azure,
  together,

  /** Groq documentation, Batch API; npm `groq-sdk` 1.6.0, `resources/batches.d.ts`. */
  groq: {
    ...compatible,
    basePaths: ["/openai/v1"],
    maxFileBytes: 100_000_000,
    endpoints: [chat],
    completionWindow: anyWindow,
    list: "cursor",
    showBatch: ({ usage: _none, ...batch }) => ({ ...batch, errors: dataOf(batch.errors) }),
  },

  /** DeepInfra documentation, Batch API. */
  deepinfra: {
    ...compatible,
    basePaths: ["/v1/openai"],
    endpoints: [chat, completions, embeddings],
    showRow(row) {
      const error = errorOfAnswer(row);
      if (!error) return row;
      const code = error.code === "invalid_request_error" ? "invalid_request" : error.code;
      return { ...row, response: null, error: { ...error, code } };
    },
  },

  /** Parasail's own helper, `parasail-ai/openai-batch`. */
  parasail: {
    ...compatible,
    maxFileBytes: 500_000_000,
    endpoints: [chat, embeddings],
    mixesModels: true,
  },

  nebius: compatible,

  /** Doubleword's open-source control layer, `doublewordai/control-layer`: it adds who asked. */
  doubleword: {
    ...compatible,
    maxFileBytes: 100_000_000,
    completionWindow: /^(\d+[hd]|background)$/,
    maxIdLength: 64,
    showBatch(batch) {
      const counts = batch.request_counts as { completed: number; failed: number };
      const isAllFailed = counts.completed === 0 && counts.failed > 0;
      const status = batch.status === "completed" && isAllFailed ? "failed" : batch.status;
      const metadata = { ...(batch.metadata as Shown), created_by_email: "somebody@example.com" };
      return { ...batch, status, metadata };
    },
  },

  /** SiliconFlow documentation, batch. */
  siliconflow: {
    ...compatible,
    maxRequests: 5000,
    maxFileBytes: 1_000_000_000,
    endpoints: [chat],
  },

  /** Alibaba Cloud Model Studio documentation, OpenAI-compatible batch. */
  dashscope: {
    ...compatible,
    basePaths: ["/compatible-mode/v1"],
    maxFileBytes: 500_000_000,
    endpoints: [chat, embeddings],
    completionWindow: anyWindow,
    failuresIn: "output",
  },

  /** A gateway such as LiteLLM or vLLM's, which passes on what it knows: no documentation, but the least. */
  gateway: {
    ...compatible,
    metadata: "dropped",
    list: "unsaid",
    showBatch: ({ usage: _none, model: _neither, ...batch }) => batch,
  },
};

function dataOf(errors: unknown): unknown {
  return (errors as { readonly data?: readonly Shown[] } | null)?.data ?? null;
}
