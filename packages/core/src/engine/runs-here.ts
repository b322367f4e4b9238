import type { BatchProvider } from "../provider/provider.js";

/** A provider that executes in this process. */
export type RunningProvider = BatchProvider & Required<Pick<BatchProvider, "run">>;

/** Whether the provider leaves its jobs to a process of ours. */
export function runsHere(provider: BatchProvider): provider is RunningProvider {
  return provider.run !== undefined;
}
