import type { BatchProvider } from "@langbatch/core";
import { compatibleProvider } from "@langbatch/openai/compatible";
import { azureFiles } from "./azure-files.js";
import { type AzureOpenAIOptions, clientOf, isDated } from "./azure-openai-options.js";
import { azureProfile, blobProfile, classicProfile } from "./azure-profile.js";
import { azureWire } from "./azure-wire.js";

/** Runs jobs at the batch deployments of an Azure OpenAI resource. Reads and sends nothing yet. */
export function azureOpenAI(options: AzureOpenAIOptions = {}): BatchProvider {
  const { blobs, deployment, metadata, usesBlobs = blobs !== undefined } = options;
  const wire = azureWire(deployment);

  const provider = compatibleProvider({
    id: "azure-openai",
    settings: {
      ...(deployment !== undefined && { deployment }),
      ...(metadata && { metadata }),
      ...(usesBlobs && { usesBlobs }),
    },
    completionWindow: "24h",
    metadata,
    profile() {
      if (usesBlobs) return blobProfile;
      return isDated(options) ? classicProfile : azureProfile;
    },
    connect: () => clientOf(options),
    files: (caller) => azureFiles(caller, { blobs, usesBlobs }),
  });

  return {
    ...provider,
    traits: async (context) => ({ ...(await provider.traits(context)), wire }),
  };
}
