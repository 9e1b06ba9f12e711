import { canonicalise, defaultState, defineFlag, type Environment, type Flag, stateIn } from '@spillway/core';
import { toJson } from '../documents/document.ts';

/**
 * The environments whose users may get something else after the change than before. A flag that is made is felt where it
 * is on, or where its off variant is another than the usual; what is only prepared is felt once it is turned on.
 */
export function environmentsTouched(
  before: Flag | undefined,
  after: Flag,
  environments: readonly Environment[],
): readonly Environment[] {
  if (before === undefined) return environments.filter(({ key }) => isFeltAtOnce(after, key));
  return environments.filter(({ key }) => {
    if (after.lifecycle === 'archived')
      return Object.hasOwn(before.environments, key) && before.environments[key]?.enabled;
    return stateText({ ...before, lifecycle: 'active' }, key) !== stateText(after, key);
  });
}

function isFeltAtOnce(flag: Flag, environment: string): boolean {
  const { enabled, off_variant } = stateIn(flag, environment);
  return enabled || off_variant !== defaultState(flag).off_variant;
}

/** What evaluation in the environment depends on; the version and the services that switches cover are not part of it. */
function stateText(flag: Flag, environment: string): string {
  const definition = defineFlag(flag, 0, environment, undefined);
  return definition === undefined ? '' : canonicalise(toJson({ ...definition, services: [] }));
}
