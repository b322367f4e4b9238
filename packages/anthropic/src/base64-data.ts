import { refusal } from "./refusal.js";

/** What a data URL holds. */
export interface Base64Data {
  /** In lower case. */
  readonly mediaType: string;
  readonly data: string;
}

const prefix = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+);base64,/i;
const longestPrefix = 200;

/**
 * The parts of a base64 data URL, or `undefined` where it is none. The data is looked through once and
 * never decoded: it may be megabytes.
 *
 * @throws `invalid_request` where the data is not base64.
 */
export function readDataUrl(url: string, path: string): Base64Data | undefined {
  const found = prefix.exec(url.slice(0, longestPrefix));
  if (!found?.[1]) return undefined;
  const data = url.slice(found[0].length);
  if (!isBase64(data)) {
    const why = "holds data that is not base64";
    throw refusal(
      "unsupported_content",
      `\`${path}\` ${why}: encode it again, without line breaks.`,
    );
  }
  return { mediaType: found[1].toLowerCase(), data };
}

function isBase64(data: string): boolean {
  // A search and no match of the whole: a match keeps a way back for every character.
  const end = data.search(/[^A-Za-z0-9+/]/);
  if (data === "" || data.length % 4 !== 0) return false;
  return end === -1 || /^={1,2}$/.test(data.slice(end, end + 3));
}
