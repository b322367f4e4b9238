import { isUtf8 } from "node:buffer";
import { type BodyProblem, type Endpoint, isRecord } from "../endpoints/endpoint.js";
import type { RequestProblem } from "../errors.js";
import type { Line } from "../jsonl/read-lines.js";
import { topLevelString } from "../jsonl/top-level-value.js";
import type { ProviderTraits } from "../provider/provider.js";
import { idIndex } from "./id-index.js";

/** A line that may be sent. */
export interface CheckedLine {
  readonly line: Line;
  readonly customId: string;
  readonly model: string;
  /** Whether its url is the endpoint's without the version, and is sent with it. */
  readonly hasShortUrl: boolean;
  /** The line that seems to have the same id, by its hash: to be confirmed. */
  readonly earlierLine: number | undefined;
}

/** What the user calls a request: a line of a file, or an item of a list. */
export type InputNoun = "Line" | "Item";

/** The longest `custom_id` taken, in characters: longer than any service says it takes. */
const longestId = 512;

/**
 * Checks request lines one after the other. What it says of a line depends on those before it: ids
 * must be unique, and models equal where the provider wants one model in a job.
 */
export function lineChecker(
  endpoint: Endpoint,
  traits: ProviderTraits,
  noun: InputNoun,
): (line: Line) => CheckedLine | RequestProblem {
  const shortUrl = shortUrlOf(endpoint);
  const maxLineBytes = traits.maxLineBytes ?? traits.maxBytes - 1;
  const ids = idIndex();
  let firstModel: { readonly name: string; readonly line: number } | undefined;

  return (line) => {
    let customId: string | undefined;
    const problem = (code: string, message: string): RequestProblem => ({
      line: line.number,
      customId,
      code,
      message: `${noun} ${line.number}: ${message}`,
    });
    if (line.length > maxLineBytes) {
      return problem(
        "line_too_large",
        `it has ${line.length} bytes; the provider takes at most ${maxLineBytes}.`,
      );
    }
    const json = line.bytes.toString("utf8");
    // Bytes that are no UTF-8 become U+FFFD, which few lines hold: only those are read once more.
    if (json.includes("\ufffd") && !isUtf8(line.bytes)) {
      return problem("invalid_utf8", "it is not valid UTF-8.");
    }
    const request = parse(json);
    if (request === undefined)
      return problem("invalid_json_line", "it is not JSON; each line must be one whole request.");
    if (!isRecord(request))
      return problem(
        "invalid_json_line",
        "it is not a JSON object; each line must be one whole request.",
      );

    const { custom_id, method, url, body } = request;
    if (typeof custom_id === "string" && custom_id !== "") customId = custom_id;
    if (customId === undefined) {
      return custom_id === undefined
        ? problem("missing_custom_id", "`custom_id` is missing.")
        : problem("invalid_custom_id", "`custom_id` is not a text, or an empty one.");
    }
    const idProblem = findIdProblem(customId, line, traits);
    if (idProblem) return problem(idProblem.code, idProblem.message);
    const earlierLine = ids.add(customId, line.number);

    if (method !== "POST") return problem("invalid_method", '`method` is not "POST".');
    if (url !== endpoint.url && url !== shortUrl) {
      return problem(
        "url_mismatch",
        `\`url\` is ${show(url)}; this batch sends to ${endpoint.url}.`,
      );
    }
    if (!isRecord(body)) return problem("missing_body", "`body` is missing or not an object.");
    const { model } = body;
    if (typeof model !== "string" || model === "") {
      return problem("missing_model", "`body.model` is missing or not a text.");
    }
    const bodyProblem = endpoint.findProblem(body);
    if (bodyProblem) return problem(bodyProblem.code, bodyProblem.message);
    firstModel ??= { name: model, line: line.number };
    if (traits.oneModel && model !== firstModel.name) {
      return problem(
        "model_mismatch",
        `its model is ${show(model)}, but ${noun.toLowerCase()} ${firstModel.line} has ${show(firstModel.name)}, and this provider takes one model in a batch.`,
      );
    }
    return { line, customId, model, hasShortUrl: url !== endpoint.url, earlierLine };
  };
}

/** The endpoint's url without the version, as the Python LangBatch's documents write it. */
export function shortUrlOf({ url }: Endpoint): string {
  return url.replace(/^\/v\d+/, "");
}

/** The problem of a line whose id an earlier line has. */
export function duplicateProblem(
  line: number,
  customId: string,
  earlier: number,
  noun: InputNoun,
): RequestProblem {
  const taken = `is already that of ${noun.toLowerCase()} ${earlier}.`;
  return {
    line,
    customId,
    code: "duplicate_custom_id",
    message: `${noun} ${line}: \`custom_id\` ${show(customId)} ${taken}`,
  };
}

function findIdProblem(
  customId: string,
  line: Line,
  { wireId }: ProviderTraits,
): BodyProblem | undefined {
  const code = "invalid_custom_id";
  if (customId.length > longestId) {
    return {
      code,
      message: `\`custom_id\` has ${customId.length} characters; use at most ${longestId}.`,
    };
  }
  // Two of them: readers would disagree about which one counts, and a result could find no request.
  const first = topLevelString(line.bytes, "custom_id");
  if (first !== undefined && first !== customId) {
    return { code, message: "`custom_id` is there more than once." };
  }
  if (/\p{Surrogate}/u.test(customId)) {
    return { code, message: "`custom_id` holds half a character (a lone surrogate)." };
  }
  if (wireId && !wireId.test(customId)) {
    return { code, message: `\`custom_id\` ${show(customId)} is not taken by the provider.` };
  }
  return undefined;
}

/** A value in a message, cut where it is long. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
