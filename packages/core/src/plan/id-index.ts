/**
 * Which `custom_id` stands at which position, in 16 to 32 bytes an id instead of the hundred and more
 * that a `Map` takes. Only a 64-bit hash of an id is kept, so a hit is almost certain, not
 * certain: whoever acts on one looks at the ids themselves.
 */
export interface IdIndex {
  /** Adds the id under the position; the position it had already, where it had one. */
  add(id: string, position: number): number | undefined;
  /** The position of the id. */
  get(id: string): number | undefined;
}

const empty = 0xffff_ffff;

export function idIndex(): IdIndex {
  let capacity = 1024;
  let low = new Uint32Array(capacity);
  let high = new Uint32Array(capacity);
  let positions = new Uint32Array(capacity).fill(empty);
  let size = 0;

  /** The slot that holds the hash, or the free one where it belongs. */
  function slotOf(hashLow: number, hashHigh: number): number {
    let slot = hashLow & (capacity - 1);
    while (positions[slot] !== empty && (low[slot] !== hashLow || high[slot] !== hashHigh)) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  }

  function grow(): void {
    const [oldLow, oldHigh, oldPositions] = [low, high, positions];
    capacity *= 2;
    low = new Uint32Array(capacity);
    high = new Uint32Array(capacity);
    positions = new Uint32Array(capacity).fill(empty);
    for (const [old, position] of oldPositions.entries()) {
      if (position === empty) continue;
      put(oldLow[old] ?? 0, oldHigh[old] ?? 0, position);
    }
  }

  function put(hashLow: number, hashHigh: number, position: number): void {
    const slot = slotOf(hashLow, hashHigh);
    low[slot] = hashLow;
    high[slot] = hashHigh;
    positions[slot] = position;
  }

  function get(hashLow: number, hashHigh: number): number | undefined {
    const position = positions[slotOf(hashLow, hashHigh)];
    return position === empty ? undefined : position;
  }

  return {
    add(id, position) {
      const [hashLow, hashHigh] = hash(id);
      const earlier = get(hashLow, hashHigh);
      if (earlier !== undefined) return earlier;
      put(hashLow, hashHigh, position);
      size += 1;
      if (size * 4 > capacity * 3) grow();
      return undefined;
    },
    get(id) {
      return get(...hash(id));
    },
  };
}

/**
 * Two independent 32-bit hashes in the manner of FNV-1a (one multiplier each), each finished with
 * MurmurHash3's mixer so that ids which differ in a digit land far apart.
 */
function hash(id: string): [low: number, high: number] {
  let low = 0x811c_9dc5;
  let high = 0x2545_f491;
  for (let at = 0; at < id.length; at += 1) {
    const unit = id.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x0100_0193);
    high = Math.imul(high ^ unit, 0x01b1_70ad);
  }
  return [mix(low), mix(high ^ id.length)];
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
