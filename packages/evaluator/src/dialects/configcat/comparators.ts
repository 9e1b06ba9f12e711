import { broken } from '../../broken.ts';
import { sha256Of } from '../../bucketing/algorithms/sha256.ts';
import { utf8Of } from '../../bucketing/algorithms/utf8.ts';
import type { Json } from '../../json.ts';
import { once } from '../../once.ts';
import { numberOf, textOf, textsOf } from '../fields.ts';
import type { Written } from '../imported.ts';
import { compareStrictVersions, parseStrictVersion, type StrictVersion } from '../strict-versions.ts';
import { listOfAttribute, numberOfAttribute, textOfAttribute } from './users.ts';

/** Undefined where an attribute is not of the kind that is compared. */
export type Outcome = (value: unknown) => boolean | undefined;

/**
 * `value` is a text, a number or a list, as the comparator takes it; with `salt`, its texts are SHA-256 of what they stand
 * for and the salt. Those that begin or end with something say how many bytes of UTF-8: `5_hash`.
 */
export function compileComparator(name: string, { value, salt }: Written): Outcome {
  const compile = Object.hasOwn(comparators(), name) ? comparators()[name] : undefined;
  if (compile !== undefined) return compile(value);
  if (salt === undefined && Object.hasOwn(PLAIN, name)) return PLAIN[name]?.(textsOf(value, 'value')) ?? never;
  const hashed = Object.hasOwn(HASHED, name) ? HASHED[name] : undefined;
  if (salt === undefined || hashed === undefined) return broken(`the ConfigCat comparator ${name} is not known`);
  return hashed(textsOf(value, 'value'), utf8Of(textOf(salt, 'salt')));
}

const never: Outcome = () => false;

const comparators = once(
  (): Readonly<Record<string, (value: Json | undefined) => Outcome>> => ({
    version_one_of: amongVersions(true),
    version_not_one_of: amongVersions(false),
    version_less: byVersion((order) => order < 0),
    version_less_or_equal: byVersion((order) => order <= 0),
    version_greater: byVersion((order) => order > 0),
    version_greater_or_equal: byVersion((order) => order >= 0),
    number_equals: byNumber((found, expected) => found === expected),
    number_not_equals: byNumber((found, expected) => found !== expected),
    number_less: byNumber((found, expected) => found < expected),
    number_less_or_equal: byNumber((found, expected) => found <= expected),
    number_greater: byNumber((found, expected) => found > expected),
    number_greater_or_equal: byNumber((found, expected) => found >= expected),
  }),
);

const PLAIN: Readonly<Record<string, (values: readonly string[]) => Outcome>> = {
  one_of: (values) => onText((text) => values.includes(text)),
  starts_with: (values) => onText((text) => values.some((start) => text.startsWith(start))),
  ends_with: (values) => onText((text) => values.some((end) => text.endsWith(end))),
  contains: (values) => onText((text) => values.some((part) => text.includes(part))),
  list_contains: (values) => onList((items) => items.some((item) => values.includes(item))),
};

type Bytes = readonly number[];

const HASHED: Readonly<Record<string, (values: readonly string[], salt: Bytes) => Outcome>> = {
  one_of: (values, salt) => onText((text) => values.includes(hashed(utf8Of(text), salt))),
  starts_with: (values, salt) => onText(slices(values, salt, (bytes, length) => bytes.slice(0, length))),
  ends_with: (values, salt) => onText(slices(values, salt, (bytes, length) => bytes.slice(bytes.length - length))),
  list_contains: (values, salt) => onList((items) => items.some((item) => values.includes(hashed(utf8Of(item), salt)))),
};

function slices(values: readonly string[], salt: Bytes, cut: (bytes: Bytes, length: number) => Bytes) {
  const expected = values.map((value) => {
    const [length, ...rest] = value.split('_');
    return { length: Number(length), hash: rest.join('_') };
  });
  return (text: string): boolean => {
    const bytes = utf8Of(text);
    return expected.some(({ length, hash }) => bytes.length >= length && hashed(cut(bytes, length), salt) === hash);
  };
}

function hashed(bytes: Bytes, salt: Bytes): string {
  return sha256Of([...bytes, ...salt]);
}

function onText(holds: (text: string) => boolean): Outcome {
  return (value) => holds(textOfAttribute(value));
}

function onList(holds: (items: readonly string[]) => boolean): Outcome {
  return (value) => {
    const items = listOfAttribute(value);
    return items === undefined ? undefined : holds(items);
  };
}

function onVersion(holds: (found: StrictVersion) => boolean | undefined): Outcome {
  return (value) => {
    const found = typeof value === 'string' ? parsedVersion(value) : undefined;
    return found === undefined ? undefined : holds(found);
  };
}

/** White space counts towards the length that a version may have inside, but not around it. */
function parsedVersion(text: string): StrictVersion | undefined {
  return parseStrictVersion(text.trim());
}

/** One that is no version keeps all others from being asked. */
function amongVersions(isAmong: boolean): (value: Json | undefined) => Outcome {
  return (value) => {
    const versions = textsOf(value, 'value')
      .filter((text) => text !== '')
      .map(parsedVersion);
    const isUsable = !versions.includes(undefined);
    const has = (found: StrictVersion) =>
      versions.some((each) => each !== undefined && compareStrictVersions(found, each) === 0);
    return onVersion((found) => isUsable && has(found) === isAmong);
  };
}

function byVersion(holds: (order: number) => boolean): (value: Json | undefined) => Outcome {
  return (value) => {
    const expected = parsedVersion(textOf(value, 'value'));
    return onVersion((found) => expected !== undefined && holds(compareStrictVersions(found, expected)));
  };
}

function byNumber(holds: (found: number, expected: number) => boolean): (value: Json | undefined) => Outcome {
  return (value) => {
    const expected = numberOf(value, 'value');
    return (actual) => {
      const found = numberOfAttribute(actual);
      return found === undefined ? undefined : holds(found, expected);
    };
  };
}
