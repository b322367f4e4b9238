import type { BatchProvider, Job } from "@langbatch/core";
import type { MemoryProvider } from "./memory-provider.js";

/** A provider with one fault, and the sentences of the contract that it breaks. */
export interface WrongProvider<Right extends BatchProvider = MemoryProvider> {
  readonly fault: string;
  /** The methods that are wrong, made from the right provider. */
  readonly change: (right: Right) => Partial<BatchProvider>;
  readonly breaks: readonly string[];
}

/** A provider that says something wrong of each job, wherever it speaks of it. */
export function sayingOfJobs(change: (job: Job) => Job): WrongProvider["change"] {
  return (right) => ({
    async create(...args) {
      return change(await right.create(...args));
    },
    async *get(...args) {
      for await (const job of right.get(...args)) yield change(job);
    },
    async *list(...args) {
      for await (const job of right.list(...args)) yield change(job);
    },
  });
}
