import { jsonReply, type Reply } from "../fake-http/reply.js";
import { Refusal } from "./google-error.js";
import { objectResource } from "./object-resource.js";
import type { StoredObject } from "./object-store.js";
import type { RouteContext, RouteRequest } from "./routes.js";

/**
 * A page of what a bucket holds, in the order of the names: Cloud Storage JSON API, "Objects: list",
 * with `prefix`, `delimiter`, `startOffset`, `endOffset`, `maxResults` and `pageToken`. A token names
 * the last name of the page before, so that what comes and goes in between moves nothing.
 *
 * @throws Refusal where the bucket is not there or a parameter is wrong.
 */
export async function listObjects(
  context: RouteContext,
  { url }: RouteRequest,
  bucket: string,
): Promise<Reply> {
  const query = url.searchParams;
  const limit = readLimit(query.get("maxResults"), context.maxPageSize);
  const after = readToken(query.get("pageToken"));
  const entries = entriesOf(context.objects.inBucket(bucket), query).filter(
    ({ name }) => after === undefined || Buffer.compare(Buffer.from(name), after) > 0,
  );
  const page = entries.slice(0, limit);
  const items = page.flatMap(({ object }) =>
    object ? [objectResource(object, context.base())] : [],
  );
  const prefixes = page.flatMap(({ name, object }) => (object ? [] : [name]));
  const last = page.at(-1);
  return jsonReply(200, {
    kind: "storage#objects",
    ...(entries.length > page.length &&
      last && { nextPageToken: Buffer.from(last.name).toString("base64url") }),
    // The real service leaves out what is empty.
    ...(prefixes.length > 0 && { prefixes }),
    ...(items.length > 0 && { items }),
  });
}

/** An object, or the common beginning of several. */
interface Entry {
  readonly name: string;
  readonly object: StoredObject | undefined;
}

function entriesOf(objects: readonly StoredObject[], query: URLSearchParams): Entry[] {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const start = query.get("startOffset") ?? "";
  const end = query.get("endOffset") ?? "";
  const entries: Entry[] = [];
  for (const object of objects) {
    const { name } = object;
    if (!name.startsWith(prefix) || name < start || (end !== "" && name >= end)) continue;
    const cut = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    const folded = name.slice(0, cut + delimiter.length);
    if (cut === -1) entries.push({ name, object });
    else if (entries.at(-1)?.name !== folded) entries.push({ name: folded, object: undefined });
  }
  return entries;
}

function readLimit(text: string | null, most: number): number {
  if (text === null) return most;
  if (/^\d{1,9}$/.test(text)) return Math.min(Math.max(Number(text), 1), most);
  throw new Refusal(400, `Invalid value for maxResults: ${text}`, { reason: "invalidParameter" });
}

function readToken(token: string | null): Buffer | undefined {
  return token === null ? undefined : Buffer.from(token, "base64url");
}
