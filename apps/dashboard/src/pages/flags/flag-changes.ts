import type { Change, Flag } from '../../documents.ts';
import { environmentChanges, type NamedChange } from './environment-changes.ts';
import { detailChanges, detailsOf } from './flag-details.ts';
import { stateIn } from './flag-state.ts';

/** The difference between two versions of a flag in words: its details, then environment by environment. */
export function flagChanges(before: Flag, after: Flag): readonly NamedChange[] {
  const environments = new Set([...Object.keys(before.environments), ...Object.keys(after.environments)]);
  return [
    ...(before.lifecycle === after.lifecycle
      ? []
      : [{ name: 'Lifecycle', before: before.lifecycle, after: after.lifecycle }]),
    ...detailChanges(detailsOf(before), detailsOf(after)),
    ...[...environments].flatMap((environment) =>
      environmentChanges(stateIn(before, environment), stateIn(after, environment)).map((change) => ({
        ...change,
        name: `${environment}: ${change.name}`,
      })),
    ),
  ];
}

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
