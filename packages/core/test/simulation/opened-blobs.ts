const bytesOfBlobs = new WeakMap<Blob, Buffer>();

/** A blob whose bytes can be had without waiting for them. */
export function blobOf(bytes: Buffer): Blob {
  const blob = new Blob([new Uint8Array(bytes)]);
  bytesOfBlobs.set(blob, bytes);
  return blob;
}

/** The bytes of a blob that {@link blobOf} has made. */
export function bytesOf(blob: Blob): Buffer | undefined {
  return bytesOfBlobs.get(blob);
}
