import { type LimitKind, openLimit } from "./request-limits.js";
import { serveChat } from "./serve-chat.js";

/** What an endpoint saw within the time that counts, which begins with the first request. */
export interface LimitedCounts {
  readonly arrived: number;
  readonly refused: number;
  readonly answered: number;
}

const [latencyMs = "", kind = "", requestsPerSecond = "", seconds = ""] = process.argv.slice(2);
const limit = openLimit(kind as LimitKind, Number(requestsPerSecond));
const counted = { arrived: 0, refused: 0, answered: 0 };
let startedAt: number | undefined;

function count(name: keyof typeof counted): void {
  startedAt ??= performance.now();
  if (performance.now() - startedAt < Number(seconds) * 1000) counted[name] += 1;
}

await serveChat({
  latencyMs: Number(latencyMs),
  arrived() {
    count("arrived");
    const refusal = limit(performance.now());
    if (refusal) count("refused");
    return refusal;
  },
  answered: () => count("answered"),
  report: () => counted,
});
