import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** A model of a GGUF file, which goes on with a text. */
export interface LlamaModel {
  continueText(
    text: string,
    options: { readonly maxTokens: number; readonly signal: AbortSignal },
  ): Promise<{ readonly text: string; readonly isFinished: boolean }>;
  countTokens(text: string): number;
  close(): Promise<void>;
}

/** What is used of npm `node-llama-cpp` 3, which need not be installed here. */
interface LlamaModule {
  getLlama(options: {
    readonly gpu: false;
    readonly build: "never";
    readonly logLevel: "error";
  }): Promise<{
    loadModel(options: { readonly modelPath: string }): Promise<{
      createContext(options: { readonly sequences: number; readonly threads: number }): Promise<{
        getSequence(): object;
      }>;
      tokenize(text: string): readonly number[];
    }>;
    dispose(): Promise<void>;
  }>;
  readonly LlamaCompletion: new (options: { readonly contextSequence: object }) => Completion;
}

interface Completion {
  generateCompletionWithMeta(
    text: string,
    options: { readonly maxTokens: number; readonly signal: AbortSignal },
  ): Promise<{ readonly response: string; readonly metadata: { readonly stopReason: string } }>;
}

/** The GGUF file's absolute path, and the module that runs it. */
export interface FoundModel {
  readonly path: string;
  readonly module: LlamaModule;
}

/**
 * Looks for the file of `LANGBATCH_GGUF`, and for `node-llama-cpp`: in the folder `LANGBATCH_LLAMA_CPP`
 * where that is set, else wherever Node finds it.
 *
 * @returns a sentence that says what to do, where one of them is missing.
 */
export async function findModel(env: NodeJS.ProcessEnv): Promise<FoundModel | string> {
  const { LANGBATCH_GGUF: file, LANGBATCH_LLAMA_CPP: folder } = env;
  if (!file) return "Set LANGBATCH_GGUF to the path of a model in the GGUF format.";
  const path = resolve(file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere)
    return `There is no file ${path}; set LANGBATCH_GGUF to a model in the GGUF format.`;
  const module = await importModule(folder).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  return module
    ? { path, module }
    : `There is no node-llama-cpp in ${folder ?? "this project"}: install it in any folder (npm install node-llama-cpp) and set LANGBATCH_LLAMA_CPP to that folder.`;
}

/** Loads the model, for `atOnce` texts at the same time; one more has to wait for its turn outside. */
export async function loadModel({ path, module }: FoundModel, atOnce: number): Promise<LlamaModel> {
  const llama = await module.getLlama({ gpu: false, build: "never", logLevel: "error" });
  const model = await llama.loadModel({ modelPath: path });
  // Its threads wait for each other without sleeping: where something else needs one, all stand still.
  const threads = Math.max(1, availableParallelism() - 1);
  const context = await model.createContext({ sequences: atOnce, threads });
  const free = Array.from({ length: atOnce }, () => {
    return new module.LlamaCompletion({ contextSequence: context.getSequence() });
  });
  return {
    async continueText(text, options) {
      const completion = free.pop();
      if (!completion) throw new Error(`More than ${atOnce} texts at the same time.`);
      try {
        const { response, metadata } = await completion.generateCompletionWithMeta(text, options);
        return { text: response, isFinished: metadata.stopReason === "eogToken" };
      } finally {
        free.push(completion);
      }
    },
    countTokens: (text) => model.tokenize(text).length,
    close: () => llama.dispose(),
  };
}

async function importModule(folder: string | undefined): Promise<LlamaModule> {
  // A name that is not written here, so that nobody needs its types.
  const name = "node-llama-cpp";
  if (folder === undefined) return import(name);
  const path = createRequire(join(resolve(folder), "package.json")).resolve(name);
  return import(pathToFileURL(path).href);
}

function isNotFound(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
