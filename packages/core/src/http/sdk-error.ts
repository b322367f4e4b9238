/** The HTTP status behind an error of an SDK, by its shape: the client may be another copy's. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  return typeof error.status === "number" ? error.status : undefined;
}

/** The headers of the answer behind an error of an SDK, by their shape, too. */
export function headersOf(error: unknown): Pick<Headers, "get"> | undefined {
  if (!(error instanceof Error) || !("headers" in error)) return undefined;
  const headers = error.headers as Partial<Headers> | null | undefined;
  return typeof headers?.get === "function" ? (headers as Headers) : undefined;
}

/** Whether a request could not be written because a header, mostly the key, holds what none can hold. */
export function isUnwritableHeader(error: unknown): boolean {
  return error instanceof TypeError && /header value|ByteString/.test(error.message);
}

/** Whether a request failed because it was to be redirected, and was told not to follow. */
export function isRefusedRedirect(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.message.includes("unexpected redirect")) return true;
  }
  return false;
}
