/** Whether a status of HTTP says that a request was answered as it was meant. */
export function isSuccessStatus(status: unknown): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}
