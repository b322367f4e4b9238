import { blobs } from "./blobs.js";
import { compareAndSwap } from "./compare-and-swap.js";
import { listing } from "./listing.js";
import { optionalMethods } from "./optional-methods.js";
import { recordValues } from "./record-values.js";
import { removal } from "./removal.js";
import { safeKeys } from "./safe-keys.js";
import { secondHandle } from "./second-handle.js";
import type { StorageCheck } from "./storage-check.js";

/** The whole contract, in the order of its tests. */
export const storageContract: readonly StorageCheck[] = [
  ...recordValues,
  ...compareAndSwap,
  ...blobs,
  ...optionalMethods,
  ...listing,
  ...removal,
  ...safeKeys,
  ...secondHandle,
];
