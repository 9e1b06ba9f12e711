import type { Json } from '../../json.ts';
import { compileUnitPattern } from '../../patterns/pattern.ts';
import type { Matches } from '../composite.ts';
import { compareStrictVersions, parseStrictVersion } from '../strict-versions.ts';

const VERSION_MARK = ':semver';

/** What an operator of Flagsmith says of a trait that is there; one that it does not know is false. */
export function compileOperator(operator: string, expected: Json): Matches {
  const special = Object.hasOwn(SPECIAL, operator) ? SPECIAL[operator] : undefined;
  if (special !== undefined) return special(expected);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (compare === undefined) return () => false;
  if (typeof expected !== 'string' || !expected.endsWith(VERSION_MARK))
    return (trait) => compare(trait, cast(expected, trait));
  const text = expected.replace(VERSION_MARK, '');
  const holds = Object.hasOwn(BY_ORDER, operator) ? BY_ORDER[operator] : undefined;
  return holds === undefined ? (trait) => compare(trait, text) : onVersions(text, holds);
}

/** What is compared with takes the trait's type. */
function cast(expected: Json, trait: unknown): unknown {
  if (typeof trait === 'boolean') return expected !== 'False' && expected !== 'false';
  return typeof trait === 'number' ? Number.parseFloat(String(expected)) : String(expected);
}

type Comparison = (trait: unknown, expected: unknown) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  EQUAL: looselyEqual,
  NOT_EQUAL: (trait, expected) => !looselyEqual(trait, expected),
  // As ECMAScript orders them: text by its characters, all else as numbers.
  GREATER_THAN: (trait, expected) => (trait as number) > (expected as number),
  GREATER_THAN_INCLUSIVE: (trait, expected) => (trait as number) >= (expected as number),
  LESS_THAN: (trait, expected) => (expected as number) > (trait as number),
  LESS_THAN_INCLUSIVE: (trait, expected) => (expected as number) >= (trait as number),
  CONTAINS: (trait, expected) => {
    if (typeof trait === 'string') return trait !== '' && trait.includes(String(expected));
    return Array.isArray(trait) && trait.includes(expected);
  },
};

const BY_ORDER: Readonly<Record<string, (order: number) => boolean>> = {
  EQUAL: (order) => order === 0,
  GREATER_THAN: (order) => order > 0,
  GREATER_THAN_INCLUSIVE: (order) => order >= 0,
  LESS_THAN: (order) => order < 0,
  LESS_THAN_INCLUSIVE: (order) => order <= 0,
};

function onVersions(text: string, holds: (order: number) => boolean): Matches {
  const expected = parseStrictVersion(text);
  return (trait) => {
    const found = typeof trait === 'string' ? parseStrictVersion(trait) : undefined;
    return found !== undefined && expected !== undefined && holds(compareStrictVersions(found, expected));
  };
}

/** Of text with what becomes text, and of numbers with text that is one. */
function looselyEqual(trait: unknown, expected: unknown): boolean {
  if (typeof trait === 'object') return String(trait) === expected;
  if (typeof trait === typeof expected) return trait === expected;
  return Number(trait) === Number(expected);
}

const SPECIAL: Readonly<Record<string, (expected: Json) => Matches>> = {
  NOT_CONTAINS: (expected) => (trait) =>
    typeof trait === 'string' && Boolean(expected) && !trait.includes(String(expected)),
  REGEX: (expected) => {
    if (!expected) return () => false;
    const pattern = compileUnitPattern(String(expected));
    return (trait) => pattern(String(trait));
  },
  MODULO: (expected) => {
    const parts = expected ? String(expected).split('|') : [];
    const [divisor = Number.NaN, remainder] = parts.map(Number.parseFloat);
    if (parts.length !== 2 || divisor === 0) return () => false;
    return (trait) => Number.parseFloat(String(trait)) % divisor === remainder;
  },
  IN: (expected) => {
    const values = new Set<unknown>(listed(expected));
    return (trait) => Boolean(trait) && typeof trait !== 'boolean' && values.has(String(trait));
  },
};

/** A list, JSON text of one, or texts between commas. */
function listed(expected: Json): readonly unknown[] {
  if (Array.isArray(expected)) return expected;
  if (typeof expected !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(expected);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Then it is no JSON.
  }
  return expected.split(',');
}
