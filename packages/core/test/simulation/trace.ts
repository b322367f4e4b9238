/** What happened in one schedule, as a hash of all of it and, where asked for, as lines to read. */
export class Trace {
  #hash = 0x811c9dc5;
  readonly #lines: string[] | undefined;

  constructor(keepsLines: boolean) {
    this.#lines = keepsLines ? [] : undefined;
  }

  /** Notes what a process did or met, at a time; process 0 is the world itself. */
  note(time: number, process: number, what: string, detail: string, fault = ""): void {
    let hash = this.#hash ^ Math.round(time);
    hash = Math.imul(hash ^ process, 0x01000193);
    hash = mixed(mixed(mixed(hash, what), detail), fault);
    this.#hash = hash;
    this.#lines?.push(
      `${clockTime(time)}  ${process === 0 ? "world" : `life ${process}`}  ${what} ${detail}${fault && `  !! ${fault}`}`,
    );
  }

  /** Equal where the same happened. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }

  /** What happened, a line each; nothing where lines were not asked for. */
  get lines(): readonly string[] {
    return this.#lines ?? [];
  }
}

function mixed(hash: number, text: string): number {
  let mix = hash;
  for (let at = 0; at < text.length; at += 1) {
    mix = Math.imul(mix ^ text.charCodeAt(at), 0x01000193);
  }
  return mix;
}

function clockTime(time: number): string {
  const seconds = time / 1000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const rest = (seconds % 60).toFixed(3).padStart(6, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${rest}`;
}
