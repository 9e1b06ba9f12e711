import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, parseVersion } from './semver.ts';

const ascending = [
  '0.9',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  'v1',
  '1.0.1',
  '1.2',
  '1.10.0',
  '2.0.0-99999999999999999998',
  '2.0.0-99999999999999999999',
  '2.0.0-a',
];

test('F3: versions have the precedence of Semantic Versioning 2.0.0, section 11', () => {
  for (const [index, low] of ascending.entries()) {
    for (const [other, high] of ascending.entries()) {
      const [one, two] = [parseVersion(low), parseVersion(high)];
      assert.ok(one !== undefined && two !== undefined);
      assert.equal(Math.sign(compareVersions(one, two)), Math.sign(index - other), `${low} against ${high}`);
    }
  }
});

test('F3: build metadata has no precedence, a leading v and missing parts are allowed', () => {
  for (const [one, other] of [
    ['1.0.0+a', '1.0.0+b'],
    ['v1.2', '1.2.0'],
    ['3', '3.0.0'],
  ] as const) {
    const [left, right] = [parseVersion(one), parseVersion(other)];
    assert.ok(left !== undefined && right !== undefined);
    assert.equal(compareVersions(left, right), 0);
  }
});

test('F3: what is not a version is none', () => {
  for (const text of [
    '',
    'v',
    '1.',
    '01.2.3',
    '1.2.3.4',
    '1.2.3-',
    '1.2.3+',
    '1.2.3-a..b',
    ' 1.2.3',
    '1.x',
    '1'.repeat(16),
  ]) {
    assert.equal(parseVersion(text), undefined, text);
  }
});
