import type { RecentContext } from '@spillway/control/ports';
import { canonicalise } from '@spillway/core';
import { checkIndexedText, checkInteger, MAX_BODY_BYTES } from './prepared-commit.ts';
import { lastOfEach } from './prepared-profiles.ts';

/** Contexts that one `put` may take. */
export const MAX_CONTEXTS_AT_ONCE = 20_000;

/** A context that was checked, with its canonical text. */
export interface PreparedContext extends Omit<RecentContext, 'attributes'> {
  readonly text: string;
}

/** One row each, in one order everywhere, so that replicas that write the same rows do not block one another. */
export function prepareContexts(
  project: string,
  environment: string,
  contexts: readonly RecentContext[],
): readonly PreparedContext[] {
  checkIndexedText('project', project);
  checkIndexedText('environment', environment);
  if (contexts.length > MAX_CONTEXTS_AT_ONCE) {
    throw new RangeError(`At most ${MAX_CONTEXTS_AT_ONCE} contexts go at once, not ${contexts.length}.`);
  }
  return lastOfEach(contexts)
    .map(prepareContext)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

function prepareContext({ key, rank, seen_ms, attributes }: RecentContext): PreparedContext {
  checkIndexedText('key', key);
  checkInteger('rank', rank);
  checkInteger('seen_ms', seen_ms);
  const text = canonicalise(attributes);
  if (Buffer.byteLength(text, 'utf8') > MAX_BODY_BYTES) {
    throw new RangeError(`The attributes of ${key} is larger than ${MAX_BODY_BYTES} bytes.`);
  }
  return { key, rank, seen_ms, text };
}

/** How many are kept; a whole number from 1. */
export function checkMost(most: number): void {
  if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`most must be a whole number from 1, not ${most}.`);
}
