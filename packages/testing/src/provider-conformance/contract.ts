import { account } from "./account.js";
import { creation } from "./creation.js";
import { description } from "./description.js";
import { keeping } from "./keeping.js";
import { looking } from "./looking.js";
import type { ProviderCheck } from "./provider-check.js";
import { results } from "./results.js";
import { resuming } from "./resuming.js";
import { running } from "./running.js";
import { stopping } from "./stopping.js";
import { trouble } from "./trouble.js";

/** The whole contract, in the order of its tests. */
export const providerContract: readonly ProviderCheck[] = [
  ...description,
  ...account,
  ...creation,
  ...looking,
  ...stopping,
  ...results,
  ...keeping,
  ...running,
  ...resuming,
  ...trouble,
];
