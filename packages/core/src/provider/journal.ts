/** What a job that runs in this process has done so far, kept in the storage. */
export interface Journal {
  /** Everything appended so far, also by processes that have died since. */
  read(): AsyncIterable<Uint8Array>;
  /**
   * Adds whole lines, which end in LF; durable when it resolves. Of one that fails, a part may stay: it
   * becomes a line of its own, which is broken.
   */
  append(lines: Uint8Array): Promise<void>;
}
