import { serveChat } from "./serve-chat.js";

/** What the requests of a batch that was killed again and again have in common. */
export interface Arrivals {
  /** Which have arrived at all. */
  readonly requests: number;
  /** How many arrived in each life. */
  readonly arrivedIn: readonly number[];
  /** How many arrived again after each life but the last: those that were on their way as it ended. */
  readonly repeatedAfter: readonly number[];
  /** How many arrived more than once in one life, which only a retry explains. */
  readonly repeatedWithin: number;
}

const [latencyMs = ""] = process.argv.slice(2);
/** The life in which each request arrived last; lives count from 0. */
const lastLives = new Map<string, number>();
const arrivedIn: number[] = [];
const repeatedAfter: number[] = [];
let repeatedWithin = 0;

await serveChat({
  latencyMs: Number(latencyMs),
  arrived(user, header) {
    const life = Number(header);
    const lastLife = lastLives.get(user);
    lastLives.set(user, life);
    arrivedIn[life] = (arrivedIn[life] ?? 0) + 1;
    if (lastLife === life) repeatedWithin += 1;
    else if (lastLife !== undefined) repeatedAfter[lastLife] = (repeatedAfter[lastLife] ?? 0) + 1;
    return undefined;
  },
  report: (): Arrivals => ({
    ...{ requests: lastLives.size, repeatedWithin },
    arrivedIn: Array.from(arrivedIn, (count) => count ?? 0),
    repeatedAfter: Array.from(repeatedAfter, (count) => count ?? 0),
  }),
});
