// The fake server alone: this entry does not load vitest.
export type { FakeGcs, FakeGcsOptions } from "./fake-gcs/fake-gcs.js";
export { startFakeGcs } from "./fake-gcs/fake-gcs.js";
export type { FakeGcsObject } from "./fake-gcs/ledger.js";
export type { FakeHttpRequest } from "./fake-http/fake-http-request.js";
export type { HttpFault, RequestMatch } from "./fake-http/http-fault.js";
