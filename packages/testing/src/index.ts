// The whole public surface. A name listed here is a promise.
export type { FakeAccount } from "./fake-openai/accounts.js";
export type { FakeClock } from "./fake-openai/clock.js";
export type { FakeOpenAI, FakeOpenAIOptions } from "./fake-openai/fake-openai.js";
export { startFakeOpenAI } from "./fake-openai/fake-openai.js";
export type { HttpFault, JobFault, RequestMatch } from "./fake-openai/faults.js";
export type { FakeFile, FakeHttpRequest, FakeJob } from "./fake-openai/ledger.js";
export type { AnswerScript, FakeRequest, Outcome, ResultFile } from "./fake-openai/outcome.js";
export type { ProviderSuiteOptions } from "./provider-conformance/describe-provider.js";
export { describeProvider } from "./provider-conformance/describe-provider.js";
export type { ProviderUnderTest } from "./provider-conformance/provider-under-test.js";
export type {
  StorageSuiteOptions,
  StorageUnderTest,
} from "./storage-conformance/describe-storage.js";
export { describeStorage } from "./storage-conformance/describe-storage.js";
