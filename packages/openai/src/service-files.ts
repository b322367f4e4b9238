import {
  type CallContext,
  type JsonObject,
  LangBatchError,
  type ShardInput,
  type UploadedInput,
} from "@langbatch/core";
import { download, downloadHeaders, statusOf } from "@langbatch/core/http";
import type OpenAI from "openai";
import { toLangBatchError } from "./openai-error.js";
import { refusingRedirects, signalOf } from "./request-options.js";
import type { ServiceCaller } from "./service-caller.js";
import type { ServiceProfile } from "./service-profile.js";
import { uploadBody } from "./upload-body.js";

/** Where inputs are brought to, and results are fetched from. */
export interface ServiceFiles {
  upload(input: ShardInput, context: CallContext): Promise<UploadedInput>;
  /**
   * Sees to it that the service has read an input, where it takes a while.
   *
   * @throws `rejected` where it has not: no job is asked for then.
   */
  assertReady?(inputId: string, context: CallContext): Promise<void>;
  /** What a create says of its input: `{ input_file_id }`. */
  createFields(inputId: string): JsonObject;
  /**
   * The bytes of an input or a result.
   *
   * @throws with status 404 where there is none.
   */
  download(id: string, context: CallContext): AsyncIterable<Uint8Array>;
  /** Resolves too when there is none. */
  remove(id: string, context: CallContext): Promise<void>;
}

/** The service's own Files API. */
export function serviceFiles({ service, account, call }: ServiceCaller): ServiceFiles {
  return {
    async upload(input, context) {
      const { profile } = service();
      const { uploadPath = "/files" } = profile;
      const { body, headers } = uploadBody(input.data, input.name, fieldsOf(input, profile));
      return call("upload", context, async (asked) => {
        const request = { ...refusingRedirects(context), body, headers };
        const answer = asked.client.post<OpenAI.FileObject>(uploadPath, request).withResponse();
        const { data, response } = await answer;
        account.note(response.headers);
        return { id: named(data, asked.providerId).id };
      });
    },

    createFields: (inputId) => ({ input_file_id: inputId }),

    async *download(id, { signal }) {
      const asked = service();
      const open = (ended: AbortSignal) =>
        asked.client.files.content(id, { headers: downloadHeaders, signal: ended });
      yield* download(open, signal, (error) => toLangBatchError(error, "ask", asked));
    },

    async remove(id, context) {
      try {
        await call("ask", context, ({ client }) => client.files.delete(id, signalOf(context)));
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    },
  };
}

/** The fields beside the file (npm `openai` 7.57.0, `resources/files.d.ts`, `FileCreateParams`). */
function fieldsOf(
  { name }: ShardInput,
  { filePurpose = "batch", fileNameField, inputExpiresAfterSeconds: seconds }: ServiceProfile,
): Readonly<Record<string, string>> {
  return {
    purpose: filePurpose,
    ...(fileNameField !== undefined && { [fileNameField]: name }),
    ...(seconds !== undefined && {
      "expires_after[anchor]": "created_at",
      "expires_after[seconds]": String(seconds),
    }),
  };
}

/** The answer, if it is one: what stands between may answer with a page of its own and status 200. */
export function named<Answer extends { readonly id: string }>(
  answer: Answer | undefined,
  providerId: string,
): Answer {
  if (answer?.id) return answer;
  throw new LangBatchError("provider_failed", "The answer has no id: it is not from this API.", {
    provider: providerId,
    retryable: true,
  });
}
