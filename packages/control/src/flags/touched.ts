import { canonicalise, defineFlag, type Environment, type Flag } from '@spillway/core';
import { toJson } from '../documents/document.ts';

/**
 * The environments whose users may get something else after the change than before. A flag nobody has configured in an
 * environment is off there, so creating one touches only environments that it says something about.
 */
export function environmentsTouched(
  before: Flag | undefined,
  after: Flag,
  environments: readonly Environment[],
): readonly Environment[] {
  const from: Flag = before ?? { ...after, environments: {} };
  return environments.filter(({ key }) => {
    if (after.lifecycle === 'archived') return Object.hasOwn(from.environments, key) && from.environments[key]?.enabled;
    return stateText({ ...from, lifecycle: 'active' }, key) !== stateText(after, key);
  });
}

/** What evaluation in the environment depends on; the version and the services that switches cover are not part of it. */
function stateText(flag: Flag, environment: string): string {
  const definition = defineFlag(flag, 0, environment, undefined);
  return definition === undefined ? '' : canonicalise(toJson({ ...definition, services: [] }));
}
