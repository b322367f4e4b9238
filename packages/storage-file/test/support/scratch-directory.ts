import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// In memory where the machine offers it: waiting for a disk would be most of the time of the tests
// that write thousands of files, and none of them can see what power loss would do.
const parent: string = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A fresh directory, for the test to delete. */
export function scratchDirectory(): Promise<string> {
  return mkdtemp(join(parent, "langbatch-"));
}
