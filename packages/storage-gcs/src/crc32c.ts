import type { Place } from "./place.js";

/** A CRC-32C that is counted chunk by chunk, by the SDK's own code or a faster one of the user's. */
export interface Crc32c {
  update(chunk: Uint8Array): void;
  /** In base64, as the service shows it. */
  base64(): string;
}

/**
 * The CRC-32C of nothing so far. It is counted here and not left to the SDK's validation of an upload,
 * which deletes whatever object has the name when a checksum is wrong, also a newer one of somebody
 * else (npm `@google-cloud/storage` 7.22.0, `src/file.ts`, `#validateIntegrity`).
 */
export function newCrc32c({ bucket }: Place): Crc32c {
  const validator = bucket.storage.crc32cGenerator();
  return {
    update: (chunk) => validator.update(asBuffer(chunk)),
    base64: () => validator.toString(),
  };
}

/** The same bytes, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
