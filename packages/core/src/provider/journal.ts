/** What a job that runs in this process has done so far, kept in the storage. */
export interface Journal {
  /** Everything appended so far, also by processes that have died since. */
  read(): AsyncIterable<Uint8Array>;
  /** Durable when it resolves. */
  append(data: Uint8Array): Promise<void>;
}
