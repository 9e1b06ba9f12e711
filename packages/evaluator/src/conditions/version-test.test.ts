import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVersions, parseVersion } from './semver.ts';
import { versionTest } from './version-test.ts';

const SEED = 20_261_129;

/** What is compared in short cuts, asked of what compares without any. */
function holds(text: string, expected: string, order: 'before' | 'same' | 'after'): boolean {
  const [one, other] = [parseVersion(text), parseVersion(expected)];
  if (one === undefined || other === undefined) return false;
  const sign = Math.sign(compareVersions(one, other));
  return sign === { before: -1, same: 0, after: 1 }[order];
}

function assertAlike(texts: readonly string[], expected: string): void {
  for (const order of ['before', 'same', 'after'] as const) {
    const read = (context: object): unknown => Reflect.get(context, 'version');
    const asked = versionTest(expected, read, order === 'before', order === 'same', order === 'after');
    for (const version of texts) {
      assert.equal(asked({ version }, 0), holds(version, expected, order), `${version} ${order} ${expected}`);
    }
  }
}

const SHAPES = [
  ...['0.0.0', '0.0.1', '0.1.0', '1.0.0', '1.2.3', '9.9.9', '10.20.30', '99.0.0', '100.2.3', '999.2.3', '1000.2.3'],
  ...['999999999.2.3', '1234567890.2.3', '1.999999999.3', '1.1234567890.3', '1.2.999999999', '1.2.1234567890'],
  ...['1.2', '1', 'v1.2.3', '1.2.3-rc.1', '1.2.3-rc.2', '1.2.3+build', '1.2.4-0', '2.0.0-a', '9007199254740993.0.0'],
  // A number that comes out otherwise when it is added up digit by digit, and what is no part of one.
  ...['9007226276338757222979.0.0', '1-2.3', '1+2.3', '12-3.4', '12+3.4'],
];
const NONE = [
  ...[
    '',
    '.',
    '..',
    '...',
    '.2.3',
    '1..3',
    '1.2.',
    '1.2.3.',
    '1.2.3.4',
    '.1.2.3',
    '01.2.3',
    '1.02.3',
    '1.2.03',
    '00.0.0',
  ],
  ...[
    '1.2.x',
    'x.2.3',
    '1.x.3',
    '1.2.3/',
    '1.2.3:',
    '1/2/3',
    '1.2.:',
    '1.2./',
    ' 1.2.3',
    '1.2.3 ',
    '1,2,3',
    '5.x',
    '0.x',
    '9.',
    '-.-.-',
    '/.+.-',
  ],
];

test('F3: versions compare the same by every way to read them', () => {
  for (const expected of SHAPES) {
    assertAlike(SHAPES, expected);
    assertAlike(NONE, expected);
    // What was read last is kept; it must be nothing's that is read next.
    assertAlike([...SHAPES, ...NONE].toReversed(), expected);
  }
});

test(`F3: what looks like a version is compared as one, or not at all (seed ${SEED})`, () => {
  const part = fc.constantFrom(
    '0',
    '1',
    '2',
    '9',
    '10',
    '999',
    '1000',
    '999999999',
    '1000000000',
    '01',
    '',
    'x',
    '/',
    ':',
  );
  const near = fc
    .tuple(
      fc.constantFrom('', '', '', 'v', '-'),
      fc.array(part, { maxLength: 4 }),
      fc.constantFrom('', '', '-a', '-1', '+b', '.'),
    )
    .map(([before, parts, after]) => before + parts.join('.') + after);
  fc.assert(fc.property(fc.array(near, { minLength: 1, maxLength: 6 }), fc.constantFrom(...SHAPES), assertAlike), {
    seed: SEED,
    numRuns: 2_000,
  });
});

test('F3: what is no text has no version', () => {
  for (const version of [1, 1.2, true, null, undefined, ['1.2.3'], { major: 1 }]) {
    assert.equal(versionTest('1.2.3', () => version, true, true, true)({}, 0), false, String(version));
  }
  assert.throws(() => versionTest('1.2.3.4', () => '', true, true, true), /"1.2.3.4" is not a semantic version/);
});
