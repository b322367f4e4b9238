import { readFile } from "node:fs/promises";

/** One emoji, and what npm `emojilib` has to say of it. */
export interface Emoji {
  readonly sign: string;
  readonly name: string;
  /** Its name and keywords, which the model reads. */
  readonly text: string;
}

/** What stands in npm `unicode-emoji-json` under each emoji. */
interface Row {
  readonly name: string;
  readonly group: string;
}

/** What people put into words: no flags, no signs, nobody in six skin tones. */
const groups: ReadonlySet<string> = new Set([
  "Smileys & Emotion",
  "Animals & Nature",
  "Food & Drink",
  "Travel & Places",
  "Activities",
  "Objects",
]);

/** A clock face for every half hour would win all prizes for likeness. */
const clockFace = /o’clock$|-thirty$/;

/** The emoji that are searched, in Unicode's order: `most` of them, evenly chosen. */
export async function readEmojis(most = Number.POSITIVE_INFINITY): Promise<readonly Emoji[]> {
  const [rows, keywords] = await Promise.all([
    readJson<Readonly<Record<string, Row>>>(import.meta.resolve("unicode-emoji-json")),
    readJson<Readonly<Partial<Record<string, readonly string[]>>>>(import.meta.resolve("emojilib")),
  ]);
  const all = Object.entries(rows)
    .filter(([, { name, group }]) => groups.has(group) && !clockFace.test(name))
    // The first keyword is the name again.
    .map(([sign, { name }]) => {
      const words = keywords[sign]?.slice(1) ?? [];
      return { sign, name, text: [name, ...words].join(" ") };
    });
  const share = most / all.length;
  if (share >= 1) return all;
  return all.filter((_, at) => Math.floor(at * share) > Math.floor((at - 1) * share));
}

async function readJson<Value>(url: string): Promise<Value> {
  return JSON.parse(await readFile(new URL(url), "utf8")) as Value;
}
