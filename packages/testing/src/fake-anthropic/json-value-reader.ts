const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const open = { object: 0x7b, array: 0x5b } as const;
const close = { object: 0x7d, array: 0x5d } as const;

/** Reads JSON values that come in pieces, without parsing them. */
export interface ValueReader {
  /** Whether it is in the middle of a value. */
  readonly isOpen: boolean;
  startChunk(chunk: Buffer): void;
  /** Reads from `at` on until the value or the chunk ends, and says where it stopped. */
  read(at: number): number;
  /** The value, once it has ended; only once. */
  take(): Buffer | undefined;
}

/** Finds the ends of values. Strings are skipped natively, for a body is mostly text. */
export function createValueReader(): ValueReader {
  let chunk: Buffer = Buffer.alloc(0);
  // Looked for once and not at each escape: a text may be full of them.
  let nextQuote = -1;
  let nextBackslash = -1;
  let parts: Buffer[] = [];
  let isOpen = false;
  let depth = 0;
  let inString = false;
  let isEscaped = false;

  /** Where the string that is open ends, one past its quote, or the end of the chunk. */
  function stringEnd(start: number): number {
    let at = start;
    while (at < chunk.length) {
      if (isEscaped) {
        isEscaped = false;
        at += 1;
        continue;
      }
      if (nextBackslash < at) nextBackslash = indexOrEnd(backslash, at);
      if (nextQuote < at) nextQuote = indexOrEnd(quote, at);
      if (nextBackslash < nextQuote) {
        isEscaped = true;
        at = nextBackslash + 1;
        continue;
      }
      inString = nextQuote === chunk.length;
      return Math.min(nextQuote + 1, chunk.length);
    }
    return at;
  }

  function indexOrEnd(byte: number, from: number): number {
    const index = chunk.indexOf(byte, from);
    return index === -1 ? chunk.length : index;
  }

  /** Where the value ends; closes it, or leaves it open at the end of the chunk. */
  function valueEnd(start: number): number {
    let at = start;
    while (at < chunk.length) {
      if (inString) {
        at = stringEnd(at);
        if (!inString && depth === 0) return closed(at);
        continue;
      }
      const byte = chunk[at] ?? 0;
      const closes = byte === close.object || byte === close.array;
      // Only a number or a word ends at what is no part of it.
      if (depth === 0 && (closes || byte === comma || isSpace(byte))) return closed(at);
      at += 1;
      if (byte === quote) inString = true;
      else if (byte === open.object || byte === open.array) depth += 1;
      else if (closes) {
        depth -= 1;
        if (depth === 0) return closed(at);
      }
    }
    return at;
  }

  function closed(at: number): number {
    isOpen = false;
    return at;
  }

  return {
    get isOpen() {
      return isOpen;
    },
    startChunk(next) {
      chunk = next;
      nextQuote = -1;
      nextBackslash = -1;
    },
    read(start) {
      isOpen = true;
      const end = valueEnd(start);
      parts.push(chunk.subarray(start, end));
      return end;
    },
    take() {
      if (isOpen) return undefined;
      const whole = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      parts = [];
      return whole;
    },
  };
}

/** Whether JSON allows this byte between two values. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
