import type { Dialect, Shown } from "./dialect.js";
import { isoTimes } from "./iso-times.js";
import { compatible } from "./openai.js";

const day = 86_400;

/**
 * Azure OpenAI, by its documentation: "Batch" how-to and its Python and REST samples, "Global batch
 * limits". The v1 API lies at `/openai/v1`, the dated one at `/openai`.
 */
export const azure: Dialect = {
  ...compatible,
  basePaths: ["/openai/v1", "/openai"],
  keyHeader: "api-key",
  expirySeconds: [14 * day, 30 * day],
  maxFiles: [500, 10_000],
  maxRequests: 100_000,
  takesShortUrls: true,
  // A message without content is refused; where exactly the documentation does not say.
  nullContent: "Invalid value for 'content': expected a string, got null.",
  byteOrderMark:
    "The valid model deployment name couldn't be extracted from the input file. Check that it is UTF-8 without a byte order mark.",
  // "Fail fast", in the regions that do so; elsewhere as at OpenAI.
  refusesTokens: true,
  hasEmptyErrorFile: true,
  showBatch(batch, basePath) {
    const shown = {
      ...batch,
      endpoint: String(batch.endpoint).replace(/^\/v1/, ""),
      request_counts: batch.in_progress_at === null ? null : batch.request_counts,
      output_file_id: batch.output_file_id ?? "",
      error_file_id: batch.error_file_id ?? "",
    };
    return basePath === "/openai" ? ofDatedApi(shown) : shown;
  },
  showRow({ id: _none, ...row }) {
    const { response } = row;
    const body = isShown(response) ? response.body : undefined;
    if (!isShown(response) || !isShown(body) || !Array.isArray(body.choices)) return row;
    const content_filter_results = { hate: { filtered: false, severity: "safe" } };
    const choices = body.choices.map((choice) => ({ ...choice, content_filter_results }));
    const prompt_filter_results = [{ prompt_index: 0, content_filter_results }];
    return { ...row, response: { ...response, body: { ...body, choices, prompt_filter_results } } };
  },
};

/** Its older samples have capitals and ISO times. */
function ofDatedApi(batch: Shown): Shown {
  const word = String(batch.status);
  return { ...isoTimes(batch), status: word.charAt(0).toUpperCase() + word.slice(1) };
}

function isShown(value: unknown): value is Shown {
  return typeof value === "object" && value !== null;
}
