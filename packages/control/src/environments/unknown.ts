import { enumerate, refuse } from '@spillway/core';

/** For environments that the address names. */
export function unknownEnvironment(environment: string, known: Iterable<string>) {
  return refuse('not_found', `There is no environment ${JSON.stringify(environment)}. Known: ${enumerate(known)}.`, {
    fields: [{ field: '/key', message: 'is not an environment' }],
  });
}
