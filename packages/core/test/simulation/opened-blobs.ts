const bytesOfBlobs = new WeakMap<Blob, Buffer>();

/** A blob whose bytes can be had without waiting for them. */
export function blobOf(bytes: Buffer): Blob {
  const blob = new OpenedBlob([new Uint8Array(bytes)]);
  bytesOfBlobs.set(blob, bytes);
  return blob;
}

/** The bytes of a blob that {@link blobOf} has made. */
export function bytesOf(blob: Blob): Buffer | undefined {
  return bytesOfBlobs.get(blob);
}

/** Read without waiting for anything outside the simulated world. */
class OpenedBlob extends Blob {
  override stream(): ReturnType<Blob["stream"]> {
    const bytes = bytesOf(this) ?? Buffer.alloc(0);
    return new ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(new Uint8Array(bytes));
        controller.close();
      },
    });
  }
}
