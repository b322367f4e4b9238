import type { Job, ShardInput, UploadedInput } from "@langbatch/core";

/** Whether it is the job of this input, as far as its tag or its input tells. */
export function isMadeFrom(
  job: Job,
  input: ShardInput,
  uploaded: UploadedInput | undefined,
): boolean {
  return job.tag === input.tag || (uploaded !== undefined && job.inputId === uploaded.id);
}
