/**
 * A blob whose bytes are there at once. Node reads its own in as many turns of the event loop as it
 * likes, and time that passes only when nothing else happens would pass meanwhile.
 */
export function steadyBlob(parts: readonly string[]): Blob {
  return new SteadyBlob(Buffer.from(parts.join("")));
}

class SteadyBlob extends Blob {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super([new Uint8Array(bytes)]);
    this.#bytes = bytes;
  }

  override stream(): ReturnType<Blob["stream"]> {
    const bytes = new Uint8Array(this.#bytes);
    return new ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
  }

  override slice(start?: number, end?: number): Blob {
    return new SteadyBlob(this.#bytes.subarray(start, end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#bytes).buffer;
  }
}
