import { sha1Of } from '../../bucketing/algorithms/sha1.ts';
import type { Test } from '../../conditions/operators.ts';
import { compileComposite, type Matches, objectOf } from '../composite.ts';
import { numberOf, textOf } from '../fields.ts';
import type { Written } from '../imported.ts';
import { compileComparator } from './comparators.ts';
import { attributeOf, textOfAttribute } from './users.ts';

/** Seven hexadecimal digits of the hash are looked at. */
const UNUSED_BITS = 4;
const PARTS = 100;

/** `{user}` or `{bucket}` as below, or a composite of them. Contexts are `{identifier, email, country, custom}`. */
export function configCatTest(written: Written): Test {
  return compileComposite(written, compileSingle);
}

function compileSingle({ user, bucket }: Written): Matches {
  return user === undefined ? compileBucket(objectOf(bucket, 'bucket')) : compileUser(objectOf(user, 'user'));
}

/**
 * `{attribute, comparator, value, negate, salt, is}`: whether the answer is `is` (true if left out). There is no answer for
 * an attribute that is missing, empty or not of the kind that is compared, whatever is negated.
 */
function compileUser(source: Written): Matches {
  const attribute = textOf(source.attribute, 'attribute');
  const outcomeOf = compileComparator(textOf(source.comparator, 'comparator'), source);
  const expected = (source.is !== false) !== (source.negate === true);
  return (user) => {
    const value = attributeOf(user, attribute);
    if (value === undefined || value === null || value === '') return false;
    return outcomeOf(value) === expected;
  };
}

/** `{attribute, key, from, below}` in percent. Who has no such attribute is nowhere; an empty one is a place like any. */
function compileBucket(source: Written): Matches {
  const attribute = textOf(source.attribute, 'attribute');
  const key = textOf(source.key, 'key');
  const from = numberOf(source.from, 'from');
  const below = numberOf(source.below, 'below');
  return (user) => {
    const value = attributeOf(user, attribute);
    if (value === undefined || value === null) return false;
    const [high] = sha1Of(key + textOfAttribute(value));
    const point = (high >>> UNUSED_BITS) % PARTS;
    return point >= from && point < below;
  };
}
