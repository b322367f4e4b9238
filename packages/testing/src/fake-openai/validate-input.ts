import { isUtf8 } from "node:buffer";
import type { TextLine } from "../fake-server/json-lines.js";
import { inputsOf } from "./answers.js";
import type { Dialect } from "./dialects/dialect.js";
import { fullUrl } from "./dialects/full-url.js";
import type { FakeRequest } from "./outcome.js";

/** Why a batch fails before it runs: npm `openai` 7.57.0, `resources/batches.d.ts`, `BatchError`. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly param: string | null;
}

/** What one batch may hold. */
export interface InputRules {
  readonly maxRequests: number;
  readonly maxEmbeddingInputs: number;
  /** The models there are; `undefined` for any. */
  readonly models: readonly string[] | undefined;
  readonly dialect: Dialect;
}

/** Reads the lines of one input file as requests and notes what is wrong with them. */
export interface InputValidator {
  /** The first 100 problems. A batch with any fails as a whole. */
  readonly problems: readonly InputProblem[];
  /** How many requests were read, right or wrong. */
  readonly requests: number;
  /** The model of the requests, where they name one. */
  readonly model: string | undefined;
  /** The line as a request, or `undefined` where it is wrong. */
  read(line: TextLine): FakeRequest | undefined;
  /** Notes what only shows once the whole file is read. */
  end(): void;
}

const required = ["custom_id", "method", "url", "body"] as const;

/**
 * Checks what OpenAI checks before a batch runs. The codes `invalid_json_line`, `invalid_url`,
 * `missing_required_parameter`, `duplicate_custom_id`, `mismatched_model` and
 * `streaming_unsupported` are its own; `invalid_method` and the limits' `too_many_tasks` are the
 * family's (Azure OpenAI, "Batch error codes"), as OpenAI documents no list.
 */
export function createInputValidator(endpoint: string, rules: InputRules): InputValidator {
  const { dialect, models } = rules;
  const problems: InputProblem[] = [];
  const seen = new Set<string>();
  let requests = 0;
  let embeddingInputs = 0;
  let model: string | undefined;

  function note(line: number | null, code: string, message: string, param: string | null): void {
    if (problems.length < 100) problems.push({ code, message, line, param });
  }

  function checkBody(body: Record<string, unknown>, number: number): void {
    if (body.stream === true) {
      const message = "Streaming is not supported in the Batch API.";
      note(number, "streaming_unsupported", message, "body.stream");
    }
    if (typeof body.model === "string") {
      model ??= body.model;
      if (models && !models.includes(body.model)) {
        const message = `The model '${body.model}' does not exist.`;
        note(number, "model_not_found", message, "body.model");
      } else if (body.model !== model && !dialect.mixesModels) {
        const message = `The model '${body.model}' for this request does not match the rest of the batch. Each batch must contain requests for a single model.`;
        note(number, "mismatched_model", message, "body.model");
      }
    }
    if (dialect.nullContent && hasNullContent(body)) {
      note(number, "invalid_request", dialect.nullContent, "body.messages");
    }
    if (endpoint === "/v1/embeddings") embeddingInputs += inputsOf(body.input).length;
  }

  return {
    problems,
    get requests() {
      return requests;
    },
    get model() {
      return model;
    },

    read({ bytes, number }) {
      requests += 1;
      const before = problems.length;
      const request = parseObject(bytes);
      if (number === 1 && dialect.byteOrderMark && startsWithMark(bytes)) {
        note(number, "invalid_request", dialect.byteOrderMark, null);
        return undefined;
      }
      if (request === undefined) {
        note(number, "invalid_json_line", "This line is not parseable as valid JSON.", null);
        return undefined;
      }
      for (const name of required) {
        const value = request[name];
        const isThere = name === "body" ? isObject(value) : typeof value === "string" && value;
        if (isThere) continue;
        const message = `Missing required parameter: '${name}'.`;
        note(number, "missing_required_parameter", message, name);
      }
      const { custom_id: customId, method, url, body } = request;
      if (typeof method === "string" && method !== "POST") {
        note(number, "invalid_method", `The method '${method}' is not supported.`, "method");
      }
      if (typeof url === "string" && fullUrl(url, dialect) !== endpoint) {
        const message = "The URL provided for this request does not match the batch endpoint.";
        note(number, "invalid_url", message, "url");
      }
      if (typeof customId === "string") {
        if (seen.has(customId)) {
          const message = `The custom_id '${customId}' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.`;
          note(number, "duplicate_custom_id", message, "custom_id");
        }
        seen.add(customId);
        if (customId.length > dialect.maxIdLength) {
          const message = `The custom_id '${customId}' is longer than ${dialect.maxIdLength} characters.`;
          note(number, "invalid_custom_id", message, "custom_id");
        }
      }
      if (isObject(body)) checkBody(body, number);
      if (problems.length > before || problems.length === 100) return undefined;
      if (typeof customId !== "string" || typeof url !== "string" || !isObject(body)) {
        return undefined;
      }
      return { custom_id: customId, url, body, line: number };
    },

    end() {
      if (requests === 0) {
        const message =
          "The input file is empty. Please ensure that your batch contains at least one request.";
        note(null, "empty_file", message, "input_file_id");
      }
      const { maxRequests, maxEmbeddingInputs } = rules;
      if (requests > maxRequests) {
        const message = `The batch contains too many requests: ${requests}, and at most ${maxRequests} are allowed.`;
        note(null, "too_many_tasks", message, "input_file_id");
      }
      if (embeddingInputs > maxEmbeddingInputs) {
        const message = `The batch contains too many embedding inputs: ${embeddingInputs}, and at most ${maxEmbeddingInputs} are allowed.`;
        note(null, "too_many_tasks", message, "input_file_id");
      }
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasNullContent({ messages }: Record<string, unknown>): boolean {
  return (
    Array.isArray(messages) &&
    messages.some((message) => isObject(message) && message.content === null)
  );
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** A byte order mark is not taken off: OpenAI reads such a first line as invalid JSON, too. */
function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
