/** A set of whole numbers from 0 up to but not including its size, one bit each. */
export interface BitSet {
  has(position: number): boolean;
  /** Whether it was not in it before. Nothing outside the size is ever in it. */
  add(position: number): boolean;
}

/** An empty set of numbers below `size`. */
export function bitSet(size: number): BitSet {
  const bytes = new Uint8Array(Math.ceil(size / 8));

  function has(position: number): boolean {
    return ((bytes[position >>> 3] ?? 0) & (1 << (position & 7))) !== 0;
  }

  return {
    has,
    add(position) {
      if (position >= size || has(position)) return false;
      bytes[position >>> 3] = (bytes[position >>> 3] ?? 0) | (1 << (position & 7));
      return true;
    },
  };
}
