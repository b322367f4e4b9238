/** Why a request got no answer. */
export interface ConnectionFailure {
  /** The system's code, or else what the innermost error says: `ECONNRESET`. */
  readonly reason: string;
  /** Whether certainly no byte was sent: the host was not found, or took no connection. */
  readonly isUnsent: boolean;
}

/** What is behind an error of an SDK that has no HTTP status. */
export function connectionFailure(cause: unknown): ConnectionFailure {
  const origin = originOf(cause);
  return {
    reason: origin?.code ?? innermostMessage(cause),
    isUnsent: origin?.syscall === "connect" || origin?.syscall === "getaddrinfo",
  };
}

/** SDKs and `fetch` both say only that something failed; what did is at the bottom. */
function innermostMessage(error: unknown): string {
  let at = error;
  for (let depth = 0; at instanceof Error && at.cause instanceof Error && depth < 8; depth += 1) {
    at = at.cause;
  }
  return at instanceof Error ? at.message : String(at);
}

interface SystemError extends Error {
  readonly code: string;
  /** Says more than the code: a connection that breaks later can report the code of a failed connect. */
  readonly syscall?: unknown;
}

function originOf(error: unknown): SystemError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    // Several addresses were tried; each has the same story.
    if (at instanceof AggregateError && at.errors.length > 0) return originOf(at.errors[0]);
    if (isSystemError(at)) return at;
  }
  return undefined;
}

function isSystemError(error: Error): error is SystemError {
  return "code" in error && typeof error.code === "string";
}
