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
  '2.0.0-0',
  '2.0.0-9',
  '2.0.0-10',
  '2.0.0-99999999999999999998',
  '2.0.0-99999999999999999999',
  '2.0.0--',
  '2.0.0-1-',
  '2.0.0-10a',
  '2.0.0-1a',
  '2.0.0-A',
  '2.0.0-a',
  '2.0.0-a.0',
  '2.0.0-a.0.0',
  '2.0.0-a1',
  '2.0.0-a9a',
  '2.0.0',
  '2.0.9007199254740992',
  '2.0.9007199254740993',
  '2.9007199254740993.0',
  '9007199254740993.0.0',
  '99999999999999999999999.999999999999999999.99999999999999999',
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
    ['3-rc.1', '3.0.0-rc.1'],
    ['1.0.0-a+b.0-1', '1.0.0-a'],
    ['1+01', '1'],
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
    '1.2.3-.a',
    '1.2.3-a.',
    '1.2.3-01',
    '1.2.3-a.00',
    '1.2.3-a_b',
    '1.2.3+a+b',
    '1.2.3+a..b',
    '1.02.3',
    '1.2.03',
    '1..3',
    'vv1',
    'V1',
    '-1.2.3',
    '1.2.3 ',
    '1.2.3\n',
    '١.٢.٣',
    ' 1.2.3',
    '1.x',
  ]) {
    assert.equal(parseVersion(text), undefined, text);
  }
});
