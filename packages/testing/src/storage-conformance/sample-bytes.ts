/** Each of the 256 values of a byte, once. */
export const everyByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => value);

/** A small blob or value in which no two bytes are the same. */
export const hundred: Uint8Array = everyByte.slice(100, 200);

/** Bytes that differ from place to place, so that a lost or doubled chunk shows. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8)) % 256;
  return bytes;
}

export function text(value: string | number): Uint8Array {
  return new TextEncoder().encode(String(value));
}
