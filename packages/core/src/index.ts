// The whole public surface. A name listed here is a promise.

// For everybody.
export type { AdoptOptions } from "./batch/adopt.js";
export { Batch } from "./batch/batch.js";
export type {
  BatchClass,
  BatchOptions,
  BatchParts,
  CallOptions,
  CreateOptions,
  NewOptions,
  Sequence,
} from "./batch/parts.js";
export type { BatchProgress, ShardProgress, ShardState } from "./batch/progress.js";
export type { JobExplanation, Recovery } from "./batch/recover.js";
export { type RecoverAllOptions, recoverAll } from "./batch/recover-all.js";
export type { RecoveredBatch } from "./batch/recovered-batch.js";
export type { BatchResults } from "./batch/results.js";
export type { RetryOptions } from "./batch/retry.js";
export type { BatchStatus, RequestCounts } from "./batch/status.js";
export type { WaitOptions } from "./batch/wait.js";
export type {
  ChatCompletion,
  ChatCompletionBody,
  ChatCompletionChoice,
  ChatCompletionItem,
  ChatCompletions,
  ChatMessage,
  ChatRole,
  ChatToolCall,
  TokenUsage,
} from "./endpoints/chat-completions.js";
export { chatCompletions } from "./endpoints/chat-completions.js";
export type {
  CompletionBody,
  CompletionChoice,
  CompletionItem,
  CompletionResponse,
  Completions,
} from "./endpoints/completions.js";
export { completions } from "./endpoints/completions.js";
export type {
  EmbeddingBody,
  EmbeddingItem,
  EmbeddingResponse,
  Embeddings,
} from "./endpoints/embeddings.js";
export { embeddings } from "./endpoints/embeddings.js";
// For those who write a provider, a storage or an endpoint.
export type { BodyProblem, Endpoint, EndpointTypes, Open } from "./endpoints/endpoint.js";
export type {
  ModerationBody,
  ModerationItem,
  ModerationResponse,
  ModerationResult,
  Moderations,
} from "./endpoints/moderations.js";
export { moderations } from "./endpoints/moderations.js";
export type {
  ResponseOutputItem,
  Responses,
  ResponsesBody,
  ResponsesItem,
  ResponsesResponse,
} from "./endpoints/responses.js";
export { responses } from "./endpoints/responses.js";
export type { OnAmbiguous } from "./engine/context.js";
export type { Ports } from "./engine/ports.js";
export type { ErrorCode, LangBatchErrorOptions, RequestProblem } from "./errors.js";
export { LangBatchError } from "./errors.js";
export { arrayElements } from "./jsonl/array-elements.js";
export { customIdOf } from "./jsonl/custom-id.js";
export { type ReadLine, readLines } from "./jsonl/read-lines.js";
export { type ByteRange, topLevelValue } from "./jsonl/top-level-value.js";
export type { JobLimitOptions, TokenEstimate } from "./plan/limits.js";
export type { JobReport } from "./provider/job-report.js";
export type { Journal } from "./provider/journal.js";
export type { JsonObject, JsonValue } from "./provider/json.js";
export type {
  BatchProvider,
  CallContext,
  Job,
  JobFailure,
  JobStatus,
  ProviderTraits,
  ShardInput,
  UploadedInput,
} from "./provider/provider.js";
export type {
  RequestLine,
  ResultError,
  ResultLine,
  ResultResponse,
  WireFormat,
  WireRequest,
} from "./provider/wire.js";
export type { BatchResult, SuccessfulResult, UnsuccessfulResult } from "./results/result.js";
export { stateDirectory } from "./state-directory.js";
export { assertStorageKey, assertStoragePrefix } from "./storage/key.js";
export { memoryStorage } from "./storage/memory-storage.js";
export type { Storage } from "./storage/storage.js";
