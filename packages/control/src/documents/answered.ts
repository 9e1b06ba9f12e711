import { accept, type Outcome, refuse } from '@spillway/core';

/** For changes that leave a document behind: only a replayed request can find it removed since. */
export function answered<T>(outcome: Outcome<T | undefined>): Outcome<T> {
  if (!outcome.ok) return outcome;
  if (outcome.value !== undefined) return accept(outcome.value);
  return refuse('conflict', 'This idempotency key belongs to a removal. Use a new key for each new request.');
}

/** For removals, which have nothing to answer. */
export function removed(outcome: Outcome<unknown>): Outcome<void> {
  return outcome.ok ? accept(undefined) : outcome;
}
