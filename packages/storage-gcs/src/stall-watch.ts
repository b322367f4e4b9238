/**
 * How long an answer may bring nothing while somebody waits for it. Version 7 of the SDK tells nobody
 * that a connection broke under a download, and goes on waiting for ever (npm `node-fetch` 2.7.0,
 * `src/index.js`: the body is piped, and `pipe` passes no error on).
 */
export const stallMs = 45_000;

/** Notices that nothing comes any more. */
export interface StallWatch {
  /** From now on something should come; how long an answer may take to begin is the SDK's matter. */
  begin(): void;
  /** What `coming` resolves to; rejects where it takes too long. Only one at a time. */
  within<T>(coming: Promise<T>): Promise<T>;
}

export function stallWatch(): StallWatch {
  let hasBegun = false;
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (() => void) | undefined;

  function watch(): void {
    if (hasBegun && giveUp) timer = setTimeout(giveUp, stallMs);
  }

  return {
    begin() {
      hasBegun = true;
      watch();
    },
    async within(coming) {
      const stalled = new Promise<never>((_, reject) => {
        giveUp = () => reject(new Error(`Nothing came for ${stallMs / 1000} s.`));
      });
      watch();
      try {
        return await Promise.race([coming, stalled]);
      } finally {
        clearTimeout(timer);
        giveUp = undefined;
        // Nobody waits for it after a stall.
        coming.catch(() => undefined);
      }
    },
  };
}
