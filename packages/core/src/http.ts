// For those who write a provider over an SDK that speaks HTTP. A name listed here is a promise.
export { type ConnectionFailure, connectionFailure } from "./http/connection-failure.js";
export { download, downloadHeaders } from "./http/download.js";
export { getJobs, isWithoutList, type JobSource } from "./http/get-jobs.js";
export { type ReadAnswer, readAnswer } from "./http/read-answer.js";
export { retryAfterMs } from "./http/retry-after.js";
export { headersOf, isRefusedRedirect, isUnwritableHeader, statusOf } from "./http/sdk-error.js";
export { answerExcerpt, type Secrets, withoutSecrets } from "./http/without-secrets.js";
