import { broken } from '../broken.ts';
import type { Json } from '../json.ts';
import { listOf } from './fields.ts';
import type { Written } from './imported.ts';

export type Matches = (value: unknown) => boolean;

/**
 * `{first: [{when: [test, …], is}, …], otherwise}`, which is what the first says whose tests all hold; anything else is a
 * test by itself. So a rule can ask what another flag would give.
 */
export function compileComposite(written: Written, single: (written: Written) => Matches): Matches {
  const { first } = written;
  if (first === undefined) return single(written);
  const cases = listOf(first, 'first').map((each) => {
    const { when, is } = objectOf(each, 'first');
    const tests = listOf(when, 'when').map((test) => compileComposite(objectOf(test, 'a test'), single));
    const holds: Matches = (value) => tests.every((matches) => matches(value));
    return { holds, is: is === true };
  });
  const otherwise = written.otherwise === true;
  return (value) => cases.find(({ holds }) => holds(value))?.is ?? otherwise;
}

export function objectOf(value: Json | undefined, name: string): Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Written)
    : broken(`${name} must be an object`);
}
