import { createHash } from "node:crypto";
import {
  type AnswerScript,
  type FakeOpenAI,
  type FakeRequest,
  startFakeOpenAI,
} from "@langbatch/testing/fake-openai";
import OpenAI from "openai";
import { genres, type Movie } from "./movies.js";

/** OpenAI's API on this machine, in a hurry: what takes it minutes to hours is over in seconds. */
export function startSimulatedOpenAI(movies: readonly Movie[]): Promise<FakeOpenAI> {
  return startFakeOpenAI({
    clock: "real",
    validatingMs: 200,
    runningMs: 1200,
    finalizingMs: 200,
    answer: answersAbout(movies),
  });
}

/** A client that reaches nobody: for what is home already. */
export function offlineClient(): OpenAI {
  return new OpenAI({
    apiKey: "offline",
    maxRetries: 0,
    fetch: () => Promise.reject(new Error("The simulated service has ended.")),
  });
}

const overloadedEvery = 250;
const refusedTitle = "Saw";

function answersAbout(movies: readonly Movie[]): AnswerScript {
  const movieOf = new Map(movies.map((movie) => [movie.id, movie]));
  const asked = new Set<string>();
  return (request) => {
    const isFirstTime = !asked.has(request.custom_id);
    asked.add(request.custom_id);
    const movie = movieOf.get(request.custom_id);
    if (movie?.title === refusedTitle) {
      const message = "The prompt was stopped by the content filter.";
      return { kind: "fail", status: 400, code: "content_filter", message };
    }
    if (isFirstTime && request.line % overloadedEvery === 0) {
      return { kind: "fail", status: 500, message: "The server had an error. Try again." };
    }
    return { kind: "succeed", body: completion(request, movie?.genre ?? anyGenre(request)) };
  };
}

/** The same request has the same answer, as with any good oracle. */
function anyGenre({ body }: FakeRequest): string {
  const [byte = 0] = createHash("sha256").update(JSON.stringify(body.messages)).digest();
  return genres[byte % genres.length] ?? "Drama";
}

function completion({ custom_id: customId, body }: FakeRequest, genre: string): object {
  const content = JSON.stringify({ genre });
  const promptTokens = tokens(JSON.stringify(body.messages) + JSON.stringify(body.response_format));
  const completionTokens = tokens(content);
  return {
    id: `chatcmpl-${customId}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
    service_tier: "default",
    system_fingerprint: "fp_simulated",
  };
}

/** As rough as everybody's rule of thumb. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
