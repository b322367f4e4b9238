/** A byte order mark, in UTF-8. */
const mark: Buffer = Buffer.from([0xef, 0xbb, 0xbf]);

/** The bytes of a file without the byte order mark that some services begin theirs with. */
export async function* withoutMark(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < mark.length) continue;
    const hasMark = head.subarray(0, mark.length).equals(mark);
    const rest: Buffer = hasMark ? head.subarray(mark.length) : head;
    head = undefined;
    if (rest.length > 0) yield rest;
  }
  if (head && head.length > 0) yield head;
}
