import { traitsOf } from "./calls.js";
import type { ProviderUnderTest } from "./provider-under-test.js";

/**
 * What a check can only be made with: a service that is asked about jobs or a provider that runs them, a
 * method, a way to be found again, or a help of the test.
 */
export type Need =
  | "service"
  | "run"
  | "upload"
  | "discard"
  | "account"
  | "input"
  | "clean"
  | "search"
  | "token"
  | "content"
  | "secret"
  | "jobsCreated"
  | "failNextCreate"
  | "failNextJob"
  | "cutOff"
  | "requestsAsked";

/** Whether the provider and its test have what a check needs. */
export async function offers(subject: ProviderUnderTest, need: Need): Promise<boolean> {
  switch (need) {
    case "service":
      return subject.provider.run === undefined;
    case "run":
    case "upload":
    case "discard":
    case "account":
    case "input":
    case "clean":
      return subject.provider[need] !== undefined;
    case "search":
    case "token":
    case "content":
      return (await traitsOf(subject)).recovery === need;
    default:
      return subject[need] !== undefined;
  }
}
