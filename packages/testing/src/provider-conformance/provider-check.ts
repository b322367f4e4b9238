import type { Need } from "./need.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

/** One promise of the contract; `check` rejects where the provider breaks it. */
export interface ProviderCheck {
  readonly sentence: string;
  readonly needs?: readonly Need[];
  readonly check: (subject: ProviderUnderTest) => Promise<void>;
}
