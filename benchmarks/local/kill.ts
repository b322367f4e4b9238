import { printGoals } from "../goals.js";
import { seededRandom } from "../seeded-random.js";
import { killAgainAndAgain, type Life } from "./lives.js";
import { makeQuestionFile } from "./make-question-file.js";

const requests = 2_000;
const concurrency = 16;
const latencyMs = 20;
/** With so much, a batch is killed some six times before it is done. */
const longestLifeMs = 1_500;

/** Kills processes that run a batch, so many times, and counts what was asked twice. */
export async function measureKills(kills: number): Promise<void> {
  const file = await makeQuestionFile(requests);
  const random = seededRandom(100);
  const killed: Life[] = [];
  const failed: Life[] = [];
  let batches = 0;
  try {
    for (; killed.length < kills; batches += 1) {
      const mostKills = kills - killed.length;
      const lives = await killAgainAndAgain({
        ...{ file, concurrency, latencyMs, longestLifeMs, mostKills, random },
      });
      for (const life of lives) (life.end === "killed" ? killed : failed).push(life);
    }
  } finally {
    await file.remove();
  }
  console.log(
    `${kills} kills in ${batches} batches of ${requests} requests, ${concurrency} at a time, ${latencyMs} ms each: every request has exactly one result, its own.`,
  );
  const asking = killed.filter(({ arrived }) => arrived > 0);
  const mean = asking.reduce((sum, { repeated }) => sum + repeated, 0) / asking.length;
  console.log(
    `${asking.length} of the processes had begun to ask; after those, ${mean.toFixed(1)} requests on average were asked again.`,
  );
  if (failed.length > 0) console.log(`Processes that failed by themselves: ${failed.length}.`);
  printGoals([
    {
      name: "requests asked again after a kill",
      measured: Math.max(...[...killed, ...failed].map(({ repeated }) => repeated)),
      most: concurrency,
    },
  ]);
}
