import { stateIn } from '../flags/default-state.ts';
import type { Flag } from '../flags/flag.ts';
import { environmentChanges, type NamedChange } from './environment-changes.ts';
import { detailChanges, detailsOf } from './flag-details.ts';

/** The difference between two versions of a flag in words: its details, then environment by environment. */
export function flagChanges(before: Flag, after: Flag): readonly NamedChange[] {
  return [
    ...(before.lifecycle === after.lifecycle
      ? []
      : [{ name: 'Lifecycle', before: before.lifecycle, after: after.lifecycle }]),
    ...detailChanges(detailsOf(before), detailsOf(after)),
    ...statesOf(before, after).flatMap(({ environment, was, is }) =>
      environmentChanges(was, is).map((change) => ({ ...change, name: `${environment}: ${change.name}` })),
    ),
  ];
}

/** What the flag was and is in every environment that either says something about. */
export function statesOf(before: Flag, after: Flag) {
  const environments = new Set([...Object.keys(before.environments), ...Object.keys(after.environments)]);
  return [...environments].map((environment) => ({
    environment,
    was: stateIn(before, environment),
    is: stateIn(after, environment),
  }));
}
