import { LangBatchError } from "@langbatch/core";
import { type ServiceCaller, type ServiceFiles, serviceFiles } from "@langbatch/openai/compatible";
import { assertProcessed } from "./assert-processed.js";
import type { BlobContainers } from "./blob-container.js";
import { blobFiles, isBlobAddress } from "./blob-files.js";

/** Where new inputs go to. */
interface Where {
  readonly blobs: BlobContainers | undefined;
  readonly usesBlobs: boolean;
}

/**
 * The resource's files, of which it keeps 500 (Azure OpenAI documentation, batch limits), so that
 * inputs are deleted once they are done with; or the user's own containers. What was stored before is
 * found wherever it is.
 */
export function azureFiles(caller: ServiceCaller, { blobs, usesBlobs }: Where): ServiceFiles {
  const atResource = serviceFiles(caller);
  const inContainers = blobs && blobFiles(blobs);

  function containers(): ServiceFiles {
    if (inContainers) return inContainers;
    throw new LangBatchError(
      "missing_setting",
      "This batch goes through containers of a storage account. Pass them again as `batchKwargs: { blobs }`.",
      { provider: "azure-openai" },
    );
  }

  const filesOf = (id: string) => (isBlobAddress(id) ? containers() : atResource);

  return {
    async upload(input, context) {
      const files = usesBlobs ? containers() : atResource;
      return { ...(await files.upload(input, context)), isTemporary: true };
    },
    async assertReady(id, context) {
      if (!isBlobAddress(id)) await assertProcessed(caller, id, context);
    },
    createFields: (id) => filesOf(id).createFields(id),
    download: (id, context) => filesOf(id).download(id, context),
    remove: (id, context) => filesOf(id).remove(id, context),
  };
}
