import { describe, expect, it } from "vitest";
import { noAnswer } from "../src/no-answer.js";

const asked = { address: "https://host/v1", secrets: ["sk-canary"] };

function systemError(code: string, syscall?: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, ...(syscall && { syscall }) });
}

/** As `fetch`, and SDKs around it, pass an error on. */
function wrapped(cause: Error): Error {
  return new Error("Connection error.", { cause: new TypeError("fetch failed", { cause }) });
}

describe("an error in place of an answer", () => {
  it.each<[Error, string, boolean]>([
    [systemError("ECONNREFUSED", "connect"), "ECONNREFUSED", true],
    [systemError("ENOTFOUND", "getaddrinfo"), "ENOTFOUND", true],
    [systemError("EHOSTUNREACH", "connect"), "EHOSTUNREACH", true],
    [systemError("UND_ERR_CONNECT_TIMEOUT"), "UND_ERR_CONNECT_TIMEOUT", true],
    [new AggregateError([systemError("ECONNREFUSED", "connect")]), "ECONNREFUSED", true],
    [systemError("ECONNRESET", "read"), "ECONNRESET", false],
    [systemError("EPIPE", "write"), "EPIPE", false],
    [systemError("EPROTO", "write"), "EPROTO", false],
    [systemError("HPE_INVALID_CONSTANT"), "HPE_INVALID_CONSTANT", false],
    // This machine is at its end, which says nothing of who is asked.
    [systemError("EMFILE", "connect"), "EMFILE", false],
    [systemError("EADDRNOTAVAIL", "connect"), "EADDRNOTAVAIL", false],
    [new Error("Odd, with sk-canary."), "Odd, with ***.", false],
  ])("is the system's word: %s", (error, reason, isUnsent) => {
    const answer = { came: "no-answer", reason, isUnsent };
    expect(noAnswer(error, asked)).toEqual(answer);
    expect(noAnswer(wrapped(error), asked)).toEqual(answer);
  });

  it("is the story where undici has one code for many", () => {
    const closed = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
    expect(noAnswer(closed, asked)).toMatchObject({ reason: "other side closed", isUnsent: false });
    expect(noAnswer(wrapped(closed), asked)).toMatchObject({ reason: "other side closed" });
  });

  it.each(["DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED"])(
    "may be a certificate that nobody should trust: %s",
    (code) => {
      expect(noAnswer(wrapped(systemError(code)), asked)).toEqual({
        came: "refused-here",
        message: `The certificate of https://host/v1 is not trusted (${code}). Correct it, or name who signed it in NODE_EXTRA_CA_CERTS.`,
      });
    },
  );

  it("may be a header that cannot be written, which is not shown", () => {
    const error = new TypeError(
      'Headers.append: "Bearer sk-canary\\n" is an invalid header value.',
    );
    const answer = noAnswer(error, { ...asked, secrets: [] });
    expect(answer).toMatchObject({ came: "refused-here" });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });
});
