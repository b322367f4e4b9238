/** How the tags of all jobs of a batch begin. */
export function batchTag(nonce: string): string {
  return `lb-${nonce}-`;
}

/**
 * What names one shard's jobs at the provider, in metadata and in the upload's file name. A late job
 * of an earlier try must be found too, so a search compares {@link shardTag} and leaves the try out.
 */
export function shardTag(nonce: string, round: number, shard: number): string {
  return `${batchTag(nonce)}${round}-${shard}`;
}

/** The tag of one create: `[a-z0-9-]`, at most 48 characters. */
export function jobTag(nonce: string, round: number, shard: number, tries: number): string {
  return `${shardTag(nonce, round, shard)}-${tries}`;
}

/** Whether a job's tag is one of the shard's. */
export function isTagOf(tag: string | undefined, shard: string): boolean {
  return tag?.startsWith(`${shard}-`) ?? false;
}

/** What a tag says. */
export interface ParsedTag {
  readonly nonce: string;
  readonly round: number;
  readonly shard: number;
  readonly tries: number;
}

/** What a tag says, or `undefined` where it is none of ours. */
export function parseTag(tag: string | undefined): ParsedTag | undefined {
  const parts = /^lb-([a-z0-9]+)-(\d+)-(\d+)-(\d+)$/.exec(tag ?? "");
  if (!parts) return undefined;
  const [, nonce = "", round, shard, tries] = parts;
  return { nonce, round: Number(round), shard: Number(shard), tries: Number(tries) };
}
