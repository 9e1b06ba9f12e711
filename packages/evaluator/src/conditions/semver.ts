/** A semantic version made ready for comparing; build metadata is left out, because it has no precedence. */
export interface Version {
  /** Digits as they are written, so that no number is too large to compare. */
  readonly numbers: readonly [major: string, minor: string, patch: string];
  readonly prerelease: readonly string[];
}

const NUMBER = '(0|[1-9]\\d*)';
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const SHAPE = new RegExp(
  `^v?${NUMBER}(?:\\.${NUMBER})?(?:\\.${NUMBER})?(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);
const DIGITS = /^\d+$/;

/** Reads a version; a leading `v` is allowed, missing minor and patch numbers are 0. Undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', prerelease] = found;
  return { numbers: [major, minor, patch], prerelease: prerelease === undefined ? [] : prerelease.split('.') };
}

/** Precedence as in Semantic Versioning 2.0.0, section 11: negative, 0 or positive. */
export function compareVersions(one: Version, other: Version): number {
  const [major, minor, patch] = one.numbers;
  const [otherMajor, otherMinor, otherPatch] = other.numbers;
  return (
    compareDigits(major, otherMajor) ||
    compareDigits(minor, otherMinor) ||
    compareDigits(patch, otherPatch) ||
    comparePrereleases(one.prerelease, other.prerelease)
  );
}

function comparePrereleases(one: readonly string[], other: readonly string[]): number {
  // A release comes after what leads to it.
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
  const numeric = DIGITS.test(one);
  if (numeric !== DIGITS.test(other)) return numeric ? -1 : 1;
  return numeric ? compareDigits(one, other) : compareTexts(one, other);
}

/** Without leading zeros, the longer number is the larger. */
function compareDigits(one: string, other: string): number {
  return one.length - other.length || compareTexts(one, other);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
