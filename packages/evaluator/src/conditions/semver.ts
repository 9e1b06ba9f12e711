const MAX_DIGITS = 15;

/** A semantic version made ready for comparing; build metadata is left out, because it has no precedence. */
export interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: readonly string[];
}

const SHAPE =
  /^v?(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,14}))?(?:\.(0|[1-9]\d{0,14}))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Reads a version; a leading `v` is allowed, missing minor and patch numbers are 0. Undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  const [, major, minor = '0', patch = '0', prerelease] = found;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === undefined ? [] : prerelease.split('.'),
  };
}

/** Precedence as in Semantic Versioning 2.0.0, section 11: negative, 0 or positive. */
export function compareVersions(one: Version, other: Version): number {
  const [major, minor, patch] = one.numbers;
  const [otherMajor, otherMinor, otherPatch] = other.numbers;
  return major - otherMajor || minor - otherMinor || patch - otherPatch || comparePrereleases(one, other);
}

function comparePrereleases({ prerelease: one }: Version, { prerelease: other }: Version): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [index, identifier] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    const order = compareIdentifiers(identifier, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function compareIdentifiers(one: string, other: string): number {
  const numeric = isNumeric(one);
  if (numeric !== isNumeric(other)) return numeric ? -1 : 1;
  if (numeric) return compareNumerals(one, other);
  return one === other ? 0 : one < other ? -1 : 1;
}

/** Digits of any length, so that no number is too large to compare. */
function compareNumerals(one: string, other: string): number {
  if (one.length <= MAX_DIGITS && other.length <= MAX_DIGITS) return Number(one) - Number(other);
  const a = one.replace(/^0+/, '');
  const b = other.replace(/^0+/, '');
  return a.length - b.length || (a === b ? 0 : a < b ? -1 : 1);
}

function isNumeric(identifier: string): boolean {
  return /^\d+$/.test(identifier);
}
