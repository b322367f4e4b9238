/** An object the server has now. */
export interface FakeGcsObject {
  readonly bucket: string;
  readonly name: string;
  /** Grows with every write, also over a deletion. */
  readonly generation: string;
  readonly metageneration: string;
  readonly bytes: number;
  readonly contentType: string;
  /** The custom metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}
