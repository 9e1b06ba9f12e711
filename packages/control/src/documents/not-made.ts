import { type Outcome, refuse } from '@spillway/core';
import type { NotWritten } from '../ports/index.ts';

/** A refusal for a change that the store certainly did not make; undefined where nobody knows. `what` begins a sentence. */
export function notMade(error: unknown, what: string): Outcome<never> | undefined {
  return isNotWritten(error) ? refuse('unavailable', `${what}. ${error.message}`) : undefined;
}

/** Whether a store said so of a write, in words for people. */
export function isNotWritten(error: unknown): error is NotWritten {
  return error instanceof Error && 'code' in error && error.code === 'unwritable';
}
