import {
  connectionFailure,
  isUnwritableHeader,
  type Secrets,
  withoutSecrets,
} from "@langbatch/core/http";
import type { Answer } from "./question.js";

/** Who was asked, as messages need it. */
interface Asked {
  /** Without credentials. */
  readonly address: string;
  readonly secrets: Secrets;
}

/** What an error means that came instead of an answer. */
export function noAnswer(error: unknown, { address, secrets }: Asked): Answer {
  if (isUnwritableHeader(error)) return { came: "refused-here", message: unwritableHeader };
  const failure = connectionFailure(error);
  const reason = wordFor(failure.reason, error);
  if (untrustedPattern.test(reason)) {
    return {
      came: "refused-here",
      message: `The certificate of ${address} is not trusted (${reason}). Correct it, or name who signed it in NODE_EXTRA_CA_CERTS.`,
    };
  }
  if (speaksNoTls(reason, error)) {
    return {
      came: "refused-here",
      message: `${address} does not speak TLS. Let \`baseURL\` begin with http://.`,
    };
  }
  if (reason === "UND_ERR_INVALID_ARG") {
    const message = `The request cannot be sent: ${innermost(error)}. Correct \`baseURL\` or \`headers\`.`;
    return { came: "refused-here", message: withoutSecrets(message, secrets) };
  }
  const isUnsent = (failure.isUnsent || reason === connectTimeout) && !shortages.has(reason);
  return { came: "no-answer", reason: withoutSecrets(reason, secrets).slice(0, 200), isUnsent };
}

const unwritableHeader =
  "The API key, or another header, holds a character that cannot be sent. Check it for line breaks and quotes.";

/** The connection was never there (npm `undici` 7.30.2, `core/connect.js`). */
const connectTimeout = "UND_ERR_CONNECT_TIMEOUT";

/** This machine has no room for one more connection, which says nothing of who is asked. */
const shortages: ReadonlySet<string> = new Set([
  "EADDRNOTAVAIL",
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
  "ENOMEM",
]);

/** Node.js documentation, TLS, "X509 certificate error codes". */
const untrustedPattern =
  /^(CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|SELF_SIGNED_|UNABLE_TO_(DECODE|DECRYPT|GET|VERIFY))/;

function speaksNoTls(reason: string, error: unknown): boolean {
  if (reason === "ERR_SSL_WRONG_VERSION_NUMBER") return true;
  return reason === "EPROTO" && innermost(error).includes("wrong version number");
}

/** Where undici has one code for many stories, the story. */
function wordFor(reason: string, error: unknown): string {
  if (reason === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return "the answer is too long";
  return reason === "UND_ERR_SOCKET" ? innermost(error) || reason : reason;
}

function innermost(error: unknown): string {
  let at = error;
  for (let depth = 0; at instanceof Error && at.cause instanceof Error && depth < 8; depth += 1) {
    at = at.cause;
  }
  return at instanceof Error ? at.message : String(at);
}
