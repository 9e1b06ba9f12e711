import { enumerate, refuse } from '@spillway/core';

/** `field` is where the request named it. */
export function unknownEnvironment(environment: string, known: Iterable<string>, field: '/key' | '/environment') {
  return refuse('not_found', `There is no environment ${JSON.stringify(environment)}. Known: ${enumerate(known)}.`, {
    fields: [{ field, message: 'is not an environment' }],
  });
}
