/** A version as the package `semver` reads it when it is strict: three numbers, an optional prerelease. */
export interface StrictVersion {
  readonly numbers: readonly number[];
  readonly prerelease: readonly string[];
}

const LONGEST = 256;
const NUMBER = '(0|[1-9]\\d*)';
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const SHAPE = new RegExp(
  `^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** White space around it and a `v` before it are passed over, build metadata as well. */
export function parseStrictVersion(text: string): StrictVersion | undefined {
  const found = text.length > LONGEST ? null : SHAPE.exec(text.trim());
  if (found === null) return undefined;
  const [, major, minor, patch, prerelease] = found;
  const numbers = [major, minor, patch].map(Number);
  if (numbers.some((number) => number > Number.MAX_SAFE_INTEGER)) return undefined;
  return { numbers, prerelease: prerelease === undefined ? [] : prerelease.split('.') };
}

/** Negative, 0 or positive. */
export function compareStrictVersions(one: StrictVersion, other: StrictVersion): number {
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(one.prerelease, other.prerelease);
}

function comparePrereleases(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [index, identifier] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    const order = compareIdentifiers(identifier, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers come before words; those too large to be exact are as equal as they look. */
function compareIdentifiers(one: string, other: string): number {
  const isNumber = /^\d+$/.test(one);
  if (isNumber !== /^\d+$/.test(other)) return isNumber ? -1 : 1;
  if (isNumber) return Number(one) - Number(other);
  return one === other ? 0 : one < other ? -1 : 1;
}
