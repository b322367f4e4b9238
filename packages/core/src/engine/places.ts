import type { JobRecord } from "../batch/records.js";
import { isActive } from "./room.js";

/** The places at the provider that a batch may still take. */
export interface Places {
  /** Takes one. @returns whether there was one. */
  take(): boolean;
  /** Gives one back that was taken in vain. */
  give(): void;
  /** Whether one was wanted in vain. */
  readonly areFull: boolean;
}

/** The places that a batch's jobs leave free of `most`. */
export function openPlaces(jobs: readonly JobRecord[], most: number): Places {
  let free = most - jobs.filter(isActive).length;
  let areFull = false;
  return {
    take() {
      if (free <= 0) {
        areFull = true;
        return false;
      }
      free -= 1;
      return true;
    },
    give() {
      free += 1;
    },
    get areFull() {
      return areFull;
    },
  };
}
