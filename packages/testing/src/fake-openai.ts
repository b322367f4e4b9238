// The fake server alone: this entry does not load vitest.
export type { FakeAccount } from "./fake-openai/accounts.js";
export type { FakeClock } from "./fake-openai/clock.js";
export type { FakeOpenAI, FakeOpenAIOptions } from "./fake-openai/fake-openai.js";
export { startFakeOpenAI } from "./fake-openai/fake-openai.js";
export type { HttpFault, JobFault, RequestMatch } from "./fake-openai/faults.js";
export type { FakeFile, FakeHttpRequest, FakeJob } from "./fake-openai/ledger.js";
export type { AnswerScript, FakeRequest, Outcome, ResultFile } from "./fake-openai/outcome.js";
