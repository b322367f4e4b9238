import { vi } from "vitest";

/**
 * Lets the SDK's waits before it tries again, of up to a second, pass at once; and, where it is given,
 * a limit of exactly `limitMs` as soon as nothing has happened for a moment. Longer ones stay. Undone
 * by `vi.unstubAllGlobals`.
 */
export function hurry(limitMs?: number): void {
  vi.unstubAllGlobals();
  const { setTimeout: wait } = globalThis;
  vi.stubGlobal("setTimeout", (work: (...rest: unknown[]) => void, ms = 0, ...rest: unknown[]) => {
    const hurried = ms <= 1000 ? 0 : ms;
    return wait(work, ms === limitMs ? 100 : hurried, ...rest);
  });
}
