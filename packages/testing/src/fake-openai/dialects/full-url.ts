import type { Dialect } from "./dialect.js";

/** An endpoint with its version, where the service takes it without, too. */
export function fullUrl(url: string, { takesShortUrls }: Pick<Dialect, "takesShortUrls">): string {
  return takesShortUrls && !/^\/v\d+\//.test(url) ? `/v1${url}` : url;
}
