import { LangBatchError, type ResultError } from "@langbatch/core";
import { withoutSecrets } from "@langbatch/core/http";
import type { Asked } from "./hopeless.js";
import { judgeResponse } from "./judge-response.js";
import type { Answer } from "./question.js";
import { unanswered } from "./unanswered.js";
import type { Usage } from "./usage.js";

/** A request is done: what is kept of it. */
export interface Result {
  readonly is: "result";
  readonly response: {
    readonly status_code: number;
    readonly request_id?: string;
    /** JSON on one line. */
    readonly body: string;
  } | null;
  /** Why there is no success, where the body does not say so in the way of OpenAI. */
  readonly error: ResultError | null;
  /** The tokens it cost, where a success says so. */
  readonly usage?: Usage | undefined;
}

/** What an answer means for its request, and for all the others. */
export type Verdict =
  | Result
  | {
      /** Ask again later. */
      readonly is: "again";
      /** What it tells of load. */
      readonly how: "failed" | "overloaded" | "rate-limited";
      /** How long the endpoint asks to be left alone, in milliseconds. */
      readonly retryAfterMs?: number;
      /** Whether it uses up one of the retries: not where the endpoint only said to come later. */
      readonly counts: boolean;
      /** What it becomes if nothing helps. */
      readonly result: Result;
    }
  | {
      /** It is not the request's fault: every other one would end the same. */
      readonly is: "hopeless";
      readonly error: LangBatchError;
    };

/** What to make of an answer. Pure. Nothing of a verdict shows a secret, but what a success brought. */
export function judge(answer: Answer, asked: Asked): Verdict {
  switch (answer.came) {
    case "response":
      return judgeResponse(answer, asked);
    case "timeout":
      return {
        is: "again",
        how: "overloaded",
        counts: true,
        result: unanswered("request_timeout", "No answer came within `timeoutMs`."),
      };
    case "no-answer":
      return answer.isUnsent ? nobodyThere(answer.reason, asked) : broken(answer.reason, asked);
    case "refused-here": {
      const message = withoutSecrets(answer.message, asked.secrets);
      return { is: "hopeless", error: new LangBatchError("rejected", message, { provider }) };
    }
    case "thrown":
      return unanswered("handler_failed", withoutSecrets(answer.message, asked.secrets));
  }
}

const provider = "local";

function nobodyThere(reason: string, { address = "the address", secrets }: Asked): Verdict {
  const message = `Nothing answers at ${address}: ${withoutSecrets(reason, secrets)}. Start the server, or correct \`baseURL\`.`;
  const error = new LangBatchError("provider_failed", message, { provider, retryable: true });
  return { is: "hopeless", error };
}

function broken(reason: string, { address = "the service", secrets }: Asked): Verdict {
  const message = `The connection to ${address} failed: ${withoutSecrets(reason, secrets)}.`;
  return {
    is: "again",
    how: "failed",
    counts: true,
    result: unanswered("connection_failed", message),
  };
}
