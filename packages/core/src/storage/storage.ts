/**
 * Where batches live. Four ideas: small records with compare-and-swap, big blobs written once, list,
 * remove. Prove an implementation with `describeStorage` from `@langbatch/testing`.
 *
 * Keys are made by core: segments of letters, digits, `_` and `-`, joined by `/`. A key that leaves
 * the storage (`..`, an empty segment, a leading `/`) is refused with `invalid_option`.
 */
export interface Storage {
  readonly specVersion: 1;

  /** The newest value of a record and its revision, or `undefined` where there is none. */
  readRecord(key: string): Promise<{ value: Uint8Array; revision: string } | undefined>;

  /**
   * Writes a record if its revision is still `expected`; `null` means "must not exist". Durable when
   * it resolves. A reader sees the old value or the new one, never a part.
   *
   * @throws `storage_conflict` when somebody else wrote first. Any other error means the write may
   * or may not have happened; core then reads back, and makes every value unique so that it can tell.
   */
  writeRecord(
    key: string,
    value: Uint8Array,
    options: { readonly expected: string | null },
  ): Promise<{ revision: string }>;

  /**
   * The bytes of a blob from `start` up to but not including `end`, in chunks of any size. Default:
   * the whole blob.
   *
   * @throws `not_found` where there is no such blob.
   */
  readBlob(
    key: string,
    range?: { readonly start?: number; readonly end?: number },
  ): AsyncIterable<Uint8Array>;

  /**
   * Stores a blob as a stream. It becomes visible as a whole, durable when this resolves, or not at
   * all: when `data` throws, its error is passed on and nothing stays behind. A chunk of `data` is
   * only valid until the next one is asked for.
   *
   * @throws `storage_conflict` where the key is taken: a blob is written once. Any other error means
   * that it may or may not have been written.
   * @returns its length, and its SHA-256 as lower-case hex.
   */
  writeBlob(
    key: string,
    data: AsyncIterable<Uint8Array>,
  ): Promise<{ bytes: number; sha256: string }>;

  /**
   * Every key that starts with `prefix`, records and blobs, once each, in any order.
   *
   * @throws `invalid_option` for a prefix that no key can start with.
   */
  list(prefix: string): AsyncIterable<string>;

  /**
   * Removes a record or blob. Durable when it resolves; no revision of before is current ever again,
   * also where the key is written anew. Does nothing where there is none.
   */
  remove(key: string): Promise<void>;

  /**
   * A blob as a `Blob` backed by a file of this machine, so that it is uploaded without being read
   * into memory. Leave it out where blobs are no local files: core then copies one to disk first.
   */
  openBlob?(key: string): Promise<Blob>;

  /**
   * Adds bytes to the end of a journal, which need not exist before; durable when it resolves. One
   * that fails may leave a part of `data` at the end. `readBlob` reads it. Leave it out where a blob
   * cannot grow.
   */
  append?(key: string, data: Uint8Array): Promise<void>;
}
