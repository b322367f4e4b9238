/** Reversed polynomial of CRC-32C, Castagnoli: RFC 3720, appendix B.4. */
const polynomial = 0x82f63b78;

const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** A CRC-32C that is counted chunk by chunk. */
export interface Crc32c {
  update(chunk: Uint8Array): void;
  /**
   * Base64 of its four bytes in big-endian order, as Google writes it: Cloud Storage JSON API,
   * "Objects", `crc32c`.
   */
  base64(): string;
}

/** The CRC-32C of nothing so far. */
export function createCrc32c(): Crc32c {
  let value = 0xffffffff;
  return {
    update(chunk) {
      let next = value;
      for (let index = 0; index < chunk.length; index += 1) {
        next = (table[(next ^ (chunk[index] as number)) & 0xff] as number) ^ (next >>> 8);
      }
      value = next;
    },
    base64() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE((value ^ 0xffffffff) >>> 0);
      return bytes.toString("base64");
    },
  };
}
