import { broken } from '../broken.ts';
import type { Read } from './attributes.ts';
import type { Test } from './operators.ts';
import { compareVersions, parseVersion, type Version } from './semver.ts';

/** Digits that are read without leaving small integers. */
const MAX_PLAIN_DIGITS = 9;
const DOT = 46;
const ZERO = 48;
const UNREAD = -1;

/**
 * The plain version (`1.2.3`) read last. Nearly all versions are plain, and the rules of a flag ask for the same one over
 * and over: reading it takes no memory, and is done once.
 */
const plain = new Int32Array(3);
let plainText = '0.0.0';

/** Whether the version in the context stands before, at or after the expected one, as the flags allow. */
export function versionTest(text: string, read: Read, before: boolean, same: boolean, after: boolean): Test {
  const expected: Version = parseVersion(text) ?? broken(`"${text}" is not a semantic version`);
  const [majorDigits, minorDigits, patchDigits] = expected.numbers;
  // A number that is too large to be exact stays larger than all plain ones.
  const [major, minor, patch] = [Number(majorDigits), Number(minorDigits), Number(patchDigits)];
  const isRelease = expected.prerelease.length === 0;
  return (context) => {
    const actual = read(context);
    if (typeof actual !== 'string') return false;
    const lead = leadingNumber(actual);
    // What the first number rules out is ruled out, whether or not the rest of it is a version.
    if (lead !== major && lead !== UNREAD && !(lead < major ? before : after)) return false;
    let order: number;
    if (actual === plainText || readPlain(actual)) {
      order = (plain[0] ?? 0) - major || (plain[1] ?? 0) - minor || (plain[2] ?? 0) - patch || (isRelease ? 0 : 1);
    } else {
      const version = parseVersion(actual);
      if (version === undefined) return false;
      order = compareVersions(version, expected);
    }
    return order < 0 ? before : order > 0 ? after : same;
  };
}

/** The number that ends at the first dot, of up to three digits; `UNREAD` when the text begins otherwise. */
function leadingNumber(text: string): number {
  const { length } = text;
  let number = 0;
  for (let at = 0; at < 4 && at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT && at > 0) return number;
    const digit = code - ZERO;
    if (digit < 0 || digit > 9) return UNREAD;
    number = number * 10 + digit;
  }
  return UNREAD;
}

/** Leaves the numbers of a plain version in `plain`; false, with `plain` as it was, for everything else. */
function readPlain(text: string): boolean {
  const { length } = text;
  let major = 0;
  let minor = 0;
  let part = 0;
  let number = 0;
  let digits = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || part === 2) return false;
      if (part === 0) major = number;
      else minor = number;
      part += 1;
      number = 0;
      digits = 0;
      continue;
    }
    const digit = code - ZERO;
    const leadingZero = digits === 1 && number === 0;
    if (digit < 0 || digit > 9 || digits === MAX_PLAIN_DIGITS || leadingZero) return false;
    number = number * 10 + digit;
    digits += 1;
  }
  if (part !== 2 || digits === 0) return false;
  plain[0] = major;
  plain[1] = minor;
  plain[2] = number;
  plainText = text;
  return true;
}
