import { createHash } from "node:crypto";
import { assertStorageKey, assertStoragePrefix, LangBatchError } from "../../src/index.js";

/** What a batch's storage holds, shared by all processes: nothing goes wrong here. */
export class StorageDisk {
  readonly #records = new Map<string, { readonly value: Buffer; readonly revision: string }>();
  readonly #blobs = new Map<string, Buffer>();
  readonly #secret: string;
  #writes = 0;
  /** The keys under which the secret was stored, also if it is gone since. */
  readonly leaks: string[] = [];

  constructor(secret: string) {
    this.#secret = secret;
  }

  readRecord(key: string): { readonly value: Buffer; readonly revision: string } | undefined {
    assertStorageKey(key);
    return this.#records.get(key);
  }

  writeRecord(key: string, value: Uint8Array, expected: string | null): string {
    assertStorageKey(key);
    if ((this.#records.get(key)?.revision ?? null) !== expected) {
      throw new LangBatchError("storage_conflict", `Somebody else wrote ${key} first.`);
    }
    this.#writes += 1;
    const revision = String(this.#writes);
    this.#records.set(key, { value: this.#checked(key, Buffer.from(value)), revision });
    return revision;
  }

  readBlob(key: string): Buffer {
    assertStorageKey(key);
    const blob = this.#blobs.get(key);
    if (blob) return blob;
    throw new LangBatchError("not_found", `There is no blob ${key}.`);
  }

  writeBlob(key: string, value: Buffer): { bytes: number; sha256: string } {
    assertStorageKey(key);
    if (this.#blobs.has(key)) {
      throw new LangBatchError("storage_conflict", `The blob ${key} is already written.`);
    }
    this.#blobs.set(key, this.#checked(key, value));
    return { bytes: value.length, sha256: createHash("sha256").update(value).digest("hex") };
  }

  append(key: string, value: Buffer): void {
    assertStorageKey(key);
    const before = this.#blobs.get(key) ?? Buffer.alloc(0);
    this.#blobs.set(key, Buffer.concat([before, this.#checked(key, value)]));
  }

  keys(prefix: string): string[] {
    assertStoragePrefix(prefix);
    return [...this.#records.keys(), ...this.#blobs.keys()].filter((key) => key.startsWith(prefix));
  }

  remove(key: string): void {
    assertStorageKey(key);
    this.#records.delete(key);
    this.#blobs.delete(key);
  }

  #checked(key: string, value: Buffer): Buffer {
    if (value.includes(this.#secret)) this.leaks.push(key);
    return value;
  }
}
