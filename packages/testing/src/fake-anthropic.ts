// The fake server alone: this entry does not load vitest.
export type { FakeAnthropic, FakeAnthropicOptions } from "./fake-anthropic/fake-anthropic.js";
export { startFakeAnthropic } from "./fake-anthropic/fake-anthropic.js";
export type { JobFault } from "./fake-anthropic/job-faults.js";
export type { FakeMessageBatch } from "./fake-anthropic/ledger.js";
export type {
  AnswerScript,
  FakeMessageRequest,
  MessageRequest,
  Outcome,
} from "./fake-anthropic/outcome.js";
export type { FakeWorkspace } from "./fake-anthropic/workspaces.js";
export type { FakeHttpRequest } from "./fake-http/fake-http-request.js";
export type { HttpFault, RequestMatch } from "./fake-http/http-fault.js";
export type { FakeClock } from "./fake-server/clock.js";
