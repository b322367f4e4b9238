import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateDirectory } from "@langbatch/core";

/** One of the films of npm `vega-datasets`, as far as it is asked about. */
export interface Movie {
  /** What its request is called: `movie-0001`. */
  readonly id: string;
  readonly title: string | undefined;
  readonly year: number | undefined;
  readonly director: string | undefined;
  readonly distributor: string | undefined;
  readonly genre: string | undefined;
}

/** What stands in the data set. A title may be a number, and there is one film without any. */
interface Row {
  readonly Title: string | number | null;
  readonly "Release Date": string;
  readonly Director: string | null;
  readonly Distributor: string | null;
  readonly "Major Genre": string | null;
}

/** The genres of the data set, which an answer must choose from. */
export const genres: readonly string[] = [
  "Action",
  "Adventure",
  "Black Comedy",
  "Comedy",
  "Concert/Performance",
  "Documentary",
  "Drama",
  "Horror",
  "Musical",
  "Romantic Comedy",
  "Thriller/Suspense",
  "Western",
];

/** All films, in the order of the data set. */
export async function readMovies(): Promise<readonly Movie[]> {
  const file = new URL("../data/movies.json", import.meta.resolve("vega-datasets"));
  const rows = JSON.parse(await readFile(file, "utf8")) as readonly Row[];
  return rows.map((row, at) => ({
    id: `movie-${String(at + 1).padStart(4, "0")}`,
    title: row.Title === null ? undefined : String(row.Title),
    year: yearOf(row["Release Date"]),
    director: row.Director ?? undefined,
    distributor: row.Distributor ?? undefined,
    genre: row["Major Genre"] ?? undefined,
  }));
}

/** Writes one request line for each film. It stays where it is, to be looked at. */
export async function writeRequests(
  movies: readonly Movie[],
): Promise<{ readonly file: string; readonly bytes: number }> {
  await mkdir(stateDirectory(), { recursive: true, mode: 0o700 });
  const file = join(stateDirectory(), "demo-movies.jsonl");
  await writeFile(file, movies.map((movie) => `${JSON.stringify(toRequest(movie))}\n`).join(""));
  return { file, bytes: (await stat(file)).size };
}

/** `The Matrix (1999)` */
export function nameOf({ title = "A film without a title", year }: Movie): string {
  return year === undefined ? title : `${title} (${year})`;
}

function toRequest(movie: Movie): object {
  const facts = [
    ["Title", movie.title ?? "unknown"],
    ["Year", movie.year],
    ["Director", movie.director],
    ["Distributor", movie.distributor],
  ].filter(([, value]) => value !== undefined);
  return {
    custom_id: movie.id,
    method: "POST",
    url: "/v1/chat/completions",
    body: {
      model: "gpt-5-nano",
      messages: [
        { role: "developer", content: "Name the genre of the film." },
        { role: "user", content: facts.map(([name, value]) => `${name}: ${value}`).join("\n") },
      ],
      reasoning_effort: "minimal",
      max_completion_tokens: 50,
      response_format: { type: "json_schema", json_schema: answerSchema },
    },
  };
}

const answerSchema = {
  name: "film",
  strict: true,
  schema: {
    type: "object",
    properties: { genre: { type: "string", enum: genres } },
    required: ["genre"],
    additionalProperties: false,
  },
} as const;

/** The data set kept two digits of a year for long: its 2046 is 1946. */
function yearOf(date: string): number | undefined {
  const year = Number(/\d{4}$/.exec(date)?.[0]);
  if (Number.isNaN(year)) return undefined;
  return year > 2011 ? year - 100 : year;
}
