/** What S3, R2, GCS and Azure Blob Storage have in common: objects with ETags, conditional puts. */
export interface Bucket {
  get(
    name: string,
    range?: { readonly start?: number; readonly end?: number },
  ): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /**
   * Writes an object as a whole if its ETag is still `ifMatch`; `null` means "must not exist".
   * `undefined` where it is not: HTTP's 412.
   */
  put(name: string, body: Uint8Array, ifMatch: string | null): Promise<string | undefined>;
  delete(name: string): Promise<void>;
  list(prefix: string): AsyncIterable<string>;
}
