/** How long to wait before the next try: full jitter, growing, capped. */

const BASE = 0.25;
const LONGEST = 30;

export class Backoff {
  #failures = 0;

  constructor(private readonly random: () => number) {}

  /** Return the seconds to wait after one more failure. */
  failed(): number {
    const most = Math.min(LONGEST, BASE * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return most * this.random();
  }

  /** Spread what the server asked for, so that not everybody comes at once. */
  asked(seconds: number): number {
    return seconds + this.random() * Math.min(1, seconds);
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
