/** How far each process counts. */
export const countTo = 25;

/** The blob of this number: 100 KB in several chunks. */
export async function* blobOf(number: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < 5; part += 1) yield Buffer.alloc(20_003, `${number}.${part};`);
}

/** A record of this number, long enough to tear. */
export function stateOf(number: number): Uint8Array {
  return Buffer.from(JSON.stringify({ number, filler: String(number).repeat(5000) }));
}
