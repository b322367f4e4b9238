import { LangBatchError } from "@langbatch/core";
import OpenAI, { AzureOpenAI } from "openai";
import type { BlobContainers } from "./blob-container.js";

/** The arguments of `azureOpenAI()`, and so the `batchKwargs` of its classes. */
export interface AzureOpenAIOptions {
  /**
   * A ready client: an `AzureOpenAI`, or a plain `OpenAI` whose base URL ends in `/openai/v1`. Never
   * stored.
   */
  readonly client?: OpenAI;
  /**
   * The resource, as `https://NAME.openai.azure.com`. Default: `AZURE_OPENAI_ENDPOINT`, else
   * `AZURE_API_BASE`, read at the first call.
   */
  readonly endpoint?: string;
  /** Default: `AZURE_OPENAI_API_KEY`, else `AZURE_API_KEY`, read at the first call. Never stored. */
  readonly apiKey?: string;
  /**
   * Gives a token of Microsoft Entra ID for each request, in place of a key: `getBearerTokenProvider`
   * of `@azure/identity`. Never stored.
   */
  readonly azureADTokenProvider?: () => Promise<string>;
  /**
   * A dated version asks the classic API: `2024-10-21`. Default: `OPENAI_API_VERSION`, else
   * `AZURE_API_VERSION`, else the v1 API, which has none.
   */
  readonly apiVersion?: string;
  /**
   * The deployment every request is sent to, whatever model it names; a Global Batch or Data Zone Batch
   * one. Stored with the batch. Default: each request names it as its `model`.
   */
  readonly deployment?: string;
  /** Shown with the job at Azure; stored with the batch, so no secrets. At most 15 pairs. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * The containers of your own storage account that inputs and results go through, in place of the
   * resource's files: jobs of up to 1 GB. Default: the resource's files.
   */
  readonly blobs?: BlobContainers;
  /** Set by us where a stored batch goes through `blobs`, which must be given again then. */
  readonly usesBlobs?: boolean;
}

/**
 * The client these options name.
 *
 * @throws `missing_setting` where there is no address or no key; `invalid_option` where both a key and
 * a token provider are given, or a client that names a deployment.
 */
export function clientOf(options: AzureOpenAIOptions): OpenAI {
  const { client, azureADTokenProvider } = options;
  if (client) return assertNoDeployment(client);
  if (azureADTokenProvider && options.apiKey !== undefined) {
    throw optionError("Both `apiKey` and `azureADTokenProvider` are given. Pass one of them.");
  }
  const address = addressOf(options);
  const apiKey = azureADTokenProvider ?? keyOf(options);
  const version = versionOf(options);
  // None of OpenAI's own settings that may be in the environment counts here.
  const own = { organization: null, project: null };
  if (!isDated(options)) {
    const defaultQuery = version === "v1" ? {} : { "api-version": version };
    return new OpenAI({ ...own, baseURL: `${address}/openai/v1`, apiKey, defaultQuery });
  }
  // Without a key at all, the SDK would take the one in the environment, and then mind both.
  const credentials =
    typeof apiKey === "string" ? { apiKey } : { apiKey: "", azureADTokenProvider: apiKey };
  const baseURL = `${address}/openai`;
  return new AzureOpenAI({ ...own, ...credentials, baseURL, apiVersion: version });
}

/** Whether the classic API is asked, which has a version of its own and is older than v1. */
export function isDated(options: AzureOpenAIOptions): boolean {
  return /^\d{4}-/.test(versionOf(options));
}

function versionOf({ client, apiVersion }: AzureOpenAIOptions): string {
  if (client) return "apiVersion" in client ? String(client.apiVersion) : "v1";
  const { OPENAI_API_VERSION, AZURE_API_VERSION } = process.env;
  return apiVersion || OPENAI_API_VERSION || AZURE_API_VERSION || "v1";
}

/**
 * The SDK would put the deployment into the address of a new batch, and of no other call (npm `openai`
 * 7.57.0, `azure.js`, `buildRequest`).
 */
function assertNoDeployment(client: OpenAI): OpenAI {
  if (!("deploymentName" in client) || client.deploymentName === undefined) return client;
  throw optionError(
    "The client has a `deployment`, which batches are not created under. Make it without one, and pass `deployment` in `batchKwargs`.",
  );
}

/** Without what may follow the host: the API's own paths are added here. */
function addressOf({ endpoint }: AzureOpenAIOptions): string {
  const given = endpoint || process.env.AZURE_OPENAI_ENDPOINT || process.env.AZURE_API_BASE;
  if (!given) {
    throw settingError(
      "The address of the Azure OpenAI resource is missing. Pass `batchKwargs: { endpoint }`, or set AZURE_OPENAI_ENDPOINT.",
    );
  }
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw optionError(
      `\`endpoint\` (or AZURE_OPENAI_ENDPOINT) is ${JSON.stringify(given)}, which is no address. Write it out, as in https://NAME.openai.azure.com.`,
    );
  }
  const { origin, pathname } = new URL(given);
  return `${origin}${pathname.replace(/\/+$/, "").replace(/\/openai(\/v1)?$/, "")}`;
}

function keyOf({ apiKey }: AzureOpenAIOptions): string {
  const key = apiKey || process.env.AZURE_OPENAI_API_KEY || process.env.AZURE_API_KEY;
  if (key) return key;
  throw settingError(
    "The Azure OpenAI API key is missing. Pass `batchKwargs: { apiKey }` or `{ azureADTokenProvider }`, or set AZURE_OPENAI_API_KEY.",
  );
}

function settingError(message: string): LangBatchError {
  return new LangBatchError("missing_setting", message, { provider: "azure-openai" });
}

function optionError(message: string): LangBatchError {
  return new LangBatchError("invalid_option", message, { provider: "azure-openai" });
}
