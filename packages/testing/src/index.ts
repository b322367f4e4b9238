// The whole public surface. A name listed here is a promise.
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
export type { ProviderSuiteOptions } from "./provider-conformance/describe-provider.js";
export { describeProvider } from "./provider-conformance/describe-provider.js";
export { type ProviderAtFake, providerAtFake } from "./provider-conformance/provider-at-fake.js";
export type { ProviderUnderTest } from "./provider-conformance/provider-under-test.js";
export type {
  StorageSuiteOptions,
  StorageUnderTest,
} from "./storage-conformance/describe-storage.js";
export { describeStorage } from "./storage-conformance/describe-storage.js";
export type {
  SharedStorage,
  StorageProcessesOptions,
} from "./storage-processes/describe-storage-processes.js";
export { describeStorageProcesses } from "./storage-processes/describe-storage-processes.js";
