import type { JobFields, JobRecord } from "../batch/records.js";

/** What of a record stays in every state. */
type KeptFields = Pick<JobRecord, keyof JobFields>;

/** What every state keeps, fields of a newer version included; what only some states know goes. */
export function keep(job: JobRecord): KeptFields {
  const ofSomeStates: Partial<Record<string, unknown>> = { ...job };
  for (const name of fieldsOfSomeStates) delete ofSomeStates[name];
  return { ...ofSomeStates, tries: job.tries };
}

/** As {@link keep}, where it is known now whose the job is. */
export function keepCertain(job: JobRecord): KeptFields {
  const { provisional: _decided, ...kept } = keep(job);
  return kept;
}

/** Without the input, which is gone from the provider, or no good; its id stays known. */
export function withoutUpload<Fields extends KeptFields>(
  job: Fields,
): Omit<Fields, "upload" | "earlierInputs"> & Pick<JobFields, "earlierInputs"> {
  const { upload, earlierInputs, ...rest } = job;
  const known = [...(earlierInputs ?? []), ...(upload ? [upload.id] : [])];
  return { ...rest, ...(known.length > 0 && { earlierInputs: known }) };
}

const fieldsOfSomeStates: readonly string[] = [
  ...["notBefore", "waiting"],
  ...["life", "since", "sendBy", "settleMs", "answer", "looking", "condemned", "fenced"],
  ...["reason", "candidates"],
  ...["refusal", "job", "cancelSent", "lease", "shortReads", "results"],
];
