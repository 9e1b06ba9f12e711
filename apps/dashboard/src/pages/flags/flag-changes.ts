import type { Change, Flag } from '../../documents.ts';

/** A flag as the log keeps it; undefined for what is none. */
export function loggedFlag(document: unknown, version: number): Flag | undefined {
  const isFlag =
    typeof document === 'object' && document !== null && 'environments' in document && 'variants' in document;
  return isFlag ? { ...(document as Flag), version } : undefined;
}

/**
 * Numbers in the log of the entries whose version can be asked for by its number, the newest entry first: a flag that was
 * deleted and made anew counts from one again, and a number then means its newest life.
 */
export function entriesInReach(entries: readonly Pick<Change, 'seq' | 'version' | 'after'>[]): ReadonlySet<number> {
  const newest = new Map<number, number>();
  for (const { seq, version, after } of entries) {
    if (after !== null && !newest.has(version)) newest.set(version, seq);
  }
  return new Set(newest.values());
}
