/** The blob of this number: 100 KB, or 9 MB for every tenth, which a service may take in parts. */
export async function* blobOf(number: number): AsyncGenerator<Uint8Array> {
  const parts = number % 10 === 2 ? 450 : 5;
  for (let part = 0; part < parts; part += 1) yield Buffer.alloc(20_003, `${number}.${part};`);
}

/** A record of this number, long enough to tear. */
export function stateOf(number: number): Uint8Array {
  return Buffer.from(JSON.stringify({ number, filler: String(number).repeat(5000) }));
}
