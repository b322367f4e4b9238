import type { LangBatchError } from "../errors.js";

/** Tells somebody of what goes wrong meanwhile. */
export type Tell = (error: LangBatchError) => void;

/** Says the same only once: a doubt lasts until it is resolved. */
export function tellOnce(tell: Tell): Tell {
  const told = new Set<string>();
  return (error) => {
    if (!told.has(error.message)) tell(error);
    told.add(error.message);
  };
}
