// The fake server alone: this entry does not load vitest.
export type { FakeHttpRequest } from "./fake-http/fake-http-request.js";
export type { HttpFault, RequestMatch } from "./fake-http/http-fault.js";
export type { FakeAccount } from "./fake-openai/accounts.js";
export type { DialectName } from "./fake-openai/dialects/dialect.js";
export type { FakeBlobs } from "./fake-openai/fake-blobs.js";
export type { FakeOpenAI, FakeOpenAIOptions } from "./fake-openai/fake-openai.js";
export { startFakeOpenAI } from "./fake-openai/fake-openai.js";
export type { JobFault } from "./fake-openai/job-faults.js";
export type { FakeFile, FakeJob } from "./fake-openai/ledger.js";
export type { AnswerScript, FakeRequest, Outcome, ResultFile } from "./fake-openai/outcome.js";
export type { FakeClock } from "./fake-server/clock.js";
