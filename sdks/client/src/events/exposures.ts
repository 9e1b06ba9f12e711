/** Exposures that are remembered; who meets a variant after so many others is told of again. */
export const MAX_REMEMBERED = 20_000;
/** Who was told of is told of again in the next window. */
export const WINDOW_MS = 3_600_000;

/** Says of each user, flag and variant once within a window that it is new; in bounded memory. */
export class Exposures {
  readonly #seen = new Set<string>();
  #since = Number.NEGATIVE_INFINITY;

  isNew(user: string, flag: string, variant: string | null, now: number): boolean {
    if (now - this.#since > WINDOW_MS || this.#seen.size >= MAX_REMEMBERED) {
      this.#seen.clear();
      this.#since = now;
    }
    const before = this.#seen.size;
    return this.#seen.add(`${flag}\n${variant ?? ''}\n${user}`).size > before;
  }
}
