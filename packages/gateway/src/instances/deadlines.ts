/** How exact deadlines are kept. */
export const DEADLINE_TICK_MS = 50;

/** The longest a single pause of this process may count: after a suspended machine nobody is late at once. */
const PAUSE_COUNTED_MS = 1_000;

export interface Deadlined {
  /** On the clock of `Deadlines.now`; infinite for none. */
  readonly deadline: number;
  expire(): void;
}

/** One timer for all connections: a proxy starts and stops deadlines far more often than one ever passes. */
export class Deadlines {
  now = 0;
  readonly #watched = new Set<Deadlined>();
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor() {
    this.#timer = setInterval(() => this.#sweep(), DEADLINE_TICK_MS);
    this.#timer.unref();
  }

  /** The deadline of something that may take `ms` from now on: never earlier, at most two ticks later. */
  in(ms: number): number {
    return this.now + ms + DEADLINE_TICK_MS;
  }

  watch(watched: Deadlined): void {
    this.#watched.add(watched);
  }

  forget(watched: Deadlined): void {
    this.#watched.delete(watched);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const at = performance.now();
    this.now += Math.min(at - this.#last, PAUSE_COUNTED_MS);
    this.#last = at;
    for (const each of this.#watched) if (each.deadline < this.now) each.expire();
  }
}
