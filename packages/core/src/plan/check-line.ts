import { isUtf8 } from "node:buffer";
import { type BodyProblem, type Endpoint, isRecord } from "../endpoints/endpoint.js";
import type { RequestProblem } from "../errors.js";
import type { Line } from "../jsonl/read-lines.js";
import { topLevelString } from "../jsonl/top-level-value.js";
import type { ProviderTraits } from "../provider/provider.js";
import type { RequestLine } from "../provider/wire.js";
import { derivesIds, type RoundName, wireIdOf } from "../provider/wire-id.js";
import { countTokens } from "./count-tokens.js";
import { encodedLength, wireRequest } from "./encode-line.js";
import { idIndex } from "./id-index.js";
import type { PlanLimits } from "./limits.js";

/** A line that may be sent. */
export interface CheckedLine {
  readonly line: Line;
  readonly customId: string;
  readonly model: string;
  /** Whether its url is the endpoint's without the version, and is sent with it. */
  readonly hasShortUrl: boolean;
  /** Whether the provider's wire format writes it otherwise. */
  readonly isEncoded: boolean;
  /** Its bytes as it is sent: with the full url, and with what stands between it and the next. */
  readonly sentBytes: number;
  /** What it is estimated to cost; 0 where no limit asks for it. */
  readonly tokens: number;
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
  limits: PlanLimits,
  noun: InputNoun,
  round: RoundName,
): (line: Line) => CheckedLine | RequestProblem {
  const shortUrl = shortUrlOf(endpoint);
  const urlGrowth = endpoint.url.length - shortUrl.length;
  const { maxLineBytes, maxTokens, estimateTokens } = limits;
  const ids = idIndex();
  let firstModel: { readonly name: string; readonly line: number } | undefined;
  const areIdsDerived = derivesIds(traits);
  const separatorBytes = Buffer.byteLength(traits.wire?.frame?.[1] ?? "\n");
  let ordinal = 0;

  return (line) => {
    const { length, number } = line;
    const fail = (problem: BodyProblem, customId?: string): RequestProblem => ({
      line: number,
      customId,
      code: problem.code,
      message: `${noun} ${number}: ${problem.message}`,
    });
    // What is sent may be shorter where it is written otherwise; too long to be read is too long.
    const isCounted = traits.wire === undefined || line.bytes.length < length;
    if (isCounted && length > maxLineBytes) return fail(tooLarge(length, limits));
    const json = line.bytes.toString("utf8");
    // Bytes that are no UTF-8 become U+FFFD, which few lines hold: only those are read once more.
    if (json.includes("\ufffd") && !isUtf8(line.bytes)) return fail(problems.notUtf8);
    const request = parse(json);
    if (request === undefined) return fail(problems.notJson);
    if (!isRecord(request)) return fail(problems.notObject);

    const { custom_id: customId, method, url, body } = request;
    const idProblem = findIdProblem(customId, json, line, traits);
    if (idProblem || typeof customId !== "string") {
      const named = typeof customId === "string" && customId !== "" ? customId : undefined;
      return fail(idProblem ?? problems.noId, named);
    }
    const earlierLine = ids.add(customId, number);

    if (method !== "POST") return fail(problems.notPost, customId);
    if (url !== endpoint.url && url !== shortUrl) {
      return fail(otherUrl(url, endpoint.url), customId);
    }
    if (!isRecord(body)) return fail(problems.noBody, customId);
    const { model } = body;
    if (typeof model !== "string" || model === "") return fail(problems.noModel, customId);
    const bodyProblem = endpoint.findProblem(body);
    if (bodyProblem) return fail(bodyProblem, customId);
    firstModel ??= { name: model, line: number };
    if (traits.oneModel && model !== firstModel.name) {
      return fail(otherModel(model, firstModel, noun), customId);
    }
    const hasShortUrl = url !== endpoint.url;
    const checked = request as unknown as RequestLine;
    const wireId = areIdsDerived ? wireIdOf(round, ordinal) : customId;
    const encoded =
      traits.wire &&
      encodedLength(traits.wire, wireRequest(line.bytes, checked, endpoint.url, wireId));
    if (typeof encoded === "object") return fail(encoded, customId);
    const sentLength = encoded ?? (hasShortUrl ? length + urlGrowth : length);
    if (sentLength > maxLineBytes) return fail(tooLarge(sentLength, limits), customId);
    const tokens =
      maxTokens === Number.POSITIVE_INFINITY
        ? 0
        : countTokens(line, checked, `${noun} ${number}`, estimateTokens);
    if (tokens > maxTokens) return fail(tooManyTokens(tokens, maxTokens), customId);
    const isEncoded = encoded !== undefined;
    const sentBytes = sentLength + separatorBytes;
    ordinal += 1;
    return { line, customId, model, hasShortUrl, isEncoded, sentBytes, tokens, earlierLine };
  };
}

/** Those that are the same for every line. */
const problems = {
  notUtf8: { code: "invalid_utf8", message: "it is not valid UTF-8." },
  notJson: {
    code: "invalid_json_line",
    message: "it is not JSON; each line must be one whole request.",
  },
  notObject: {
    code: "invalid_json_line",
    message: "it is not a JSON object; each line must be one whole request.",
  },
  missingId: { code: "missing_custom_id", message: "`custom_id` is missing." },
  noId: { code: "invalid_custom_id", message: "`custom_id` is not a text, or an empty one." },
  twoIds: { code: "invalid_custom_id", message: "`custom_id` is there more than once." },
  halfId: {
    code: "invalid_custom_id",
    message: "`custom_id` holds half a character (a lone surrogate).",
  },
  notPost: { code: "invalid_method", message: '`method` is not "POST".' },
  noBody: { code: "missing_body", message: "`body` is missing or not an object." },
  noModel: { code: "missing_model", message: "`body.model` is missing or not a text." },
} as const satisfies Readonly<Record<string, BodyProblem>>;

function tooLarge(length: number, { maxBytes, provider }: PlanLimits): BodyProblem {
  // The provider's limit first: no option of the user's helps there.
  const message =
    length > provider.maxLineBytes
      ? `it has ${length} bytes; the provider takes at most ${provider.maxLineBytes}.`
      : `it has ${length + 1} bytes with its line end; \`maxBytesPerJob\` is ${maxBytes}.`;
  return { code: "line_too_large", message };
}

function tooManyTokens(tokens: number, most: number): BodyProblem {
  const message = `it has ${tokens} tokens as they are estimated; \`maxTokensPerJob\` is ${most}.`;
  return { code: "too_many_tokens", message };
}

function otherUrl(url: unknown, wanted: string): BodyProblem {
  const message = `\`url\` is ${show(url)}; this batch sends to ${wanted}.`;
  return { code: "url_mismatch", message };
}

function otherModel(
  model: string,
  first: { readonly name: string; readonly line: number },
  noun: InputNoun,
): BodyProblem {
  const place = `${noun.toLowerCase()} ${first.line} has ${show(first.name)}`;
  return {
    code: "model_mismatch",
    message: `its model is ${show(model)}, but ${place}, and this provider takes one model in a batch.`,
  };
}

/** The endpoint's url without the version, as the Python LangBatch's documents write it. */
function shortUrlOf({ url }: Endpoint): string {
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
  customId: unknown,
  json: string,
  line: Line,
  traits: ProviderTraits,
): BodyProblem | undefined {
  if (customId === undefined) return problems.missingId;
  if (typeof customId !== "string" || customId === "") return problems.noId;
  if (customId.length > longestId) {
    const message = `\`custom_id\` has ${customId.length} characters; use at most ${longestId}.`;
    return { code: "invalid_custom_id", message };
  }
  // Two of them: readers would disagree about which one counts, and a result could find no request.
  // Most lines begin with the only one there is.
  if (!json.startsWith(`{"custom_id":"${customId}"`)) {
    const first = topLevelString(line.bytes, "custom_id");
    if (first !== undefined && first !== customId) return problems.twoIds;
  }
  if (/\p{Surrogate}/u.test(customId)) return problems.halfId;
  if (!derivesIds(traits) && traits.wireId?.test(customId) === false) {
    const message = `\`custom_id\` ${show(customId)} is not taken by the provider.`;
    return { code: "invalid_custom_id", message };
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
