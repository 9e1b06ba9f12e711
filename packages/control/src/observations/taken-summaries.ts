import type { Call } from '../call.ts';

/** Remembered at a time; who repeats a summary does so within a minute, and only relays repeat any. */
export const MAX_TAKEN = 10_000;

/** Which summaries were taken, by their idempotency keys: one that comes again, because its answer got lost, counts once. */
export class TakenSummaries {
  readonly #taken = new Set<string>();

  has(call: Call): boolean {
    const id = idOf(call);
    return id !== undefined && this.#taken.has(id);
  }

  add(call: Call): void {
    const id = idOf(call);
    if (id === undefined) return;
    this.#taken.add(id);
    if (this.#taken.size <= MAX_TAKEN) return;
    for (const oldest of this.#taken) {
      this.#taken.delete(oldest);
      return;
    }
  }
}

function idOf({ principal, idempotency_key }: Call): string | undefined {
  return idempotency_key === undefined ? undefined : `${principal.name}\0${idempotency_key}`;
}
