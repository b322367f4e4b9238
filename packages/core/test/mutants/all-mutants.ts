import type { Mutant } from "./mutant.js";
import { mutantsOfContent } from "./mutants-of-content.js";
import { mutantsOfCreating } from "./mutants-of-creating.js";
import { mutantsOfLooking } from "./mutants-of-looking.js";
import { mutantsOfRecords } from "./mutants-of-records.js";
import { mutantsOfResults } from "./mutants-of-results.js";
import { mutantsOfRounds } from "./mutants-of-rounds.js";
import { mutantsOfRuns } from "./mutants-of-runs.js";

/** Every mutant. */
export const allMutants: readonly Mutant[] = [
  ...mutantsOfRecords,
  ...mutantsOfCreating,
  ...mutantsOfLooking,
  ...mutantsOfContent,
  ...mutantsOfResults,
  ...mutantsOfRounds,
  ...mutantsOfRuns,
];
