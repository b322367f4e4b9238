import type { CallContext } from "@langbatch/core";

/** To follow a redirect, `fetch` would keep a copy of the whole body in memory. */
export function refusingRedirects(context: CallContext): {
  readonly fetchOptions: { readonly redirect: "error" };
  readonly signal?: AbortSignal;
} {
  return { ...signalOf(context), fetchOptions: { redirect: "error" } };
}

/** The signal of a call, as the SDK takes it. */
export function signalOf({ signal }: CallContext): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}
