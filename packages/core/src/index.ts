// The whole public surface. A name listed here is a promise.
export type { ErrorCode, LangBatchErrorOptions, RequestProblem } from "./errors.js";
export { LangBatchError } from "./errors.js";
export type {
  BatchProvider,
  CallContext,
  Job,
  JobFailure,
  JobStatus,
  Journal,
  JsonObject,
  JsonValue,
  ProviderTraits,
  RequestLine,
  ResultError,
  ResultLine,
  ResultResponse,
  ShardInput,
  UploadedInput,
  WireFormat,
} from "./provider/provider.js";
export { stateDirectory } from "./state-directory.js";
export { assertStorageKey } from "./storage/key.js";
export { memoryStorage } from "./storage/memory-storage.js";
export type { Storage } from "./storage/storage.js";
