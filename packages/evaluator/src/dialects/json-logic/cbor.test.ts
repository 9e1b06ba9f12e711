import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../json.ts';
import { cborOf } from './cbor.ts';

const hexOf = (value: Json) =>
  cborOf(value)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** From RFC 8949, appendix A, and by its rules. */
const VECTORS: readonly (readonly [Json, string])[] = [
  [0, '00'],
  [-0, '00'],
  [23, '17'],
  [24, '1818'],
  [1_000, '1903e8'],
  [1_000_000, '1a000f4240'],
  [1_000_000_000_000, '1b000000e8d4a51000'],
  [-1, '20'],
  [-100, '3863'],
  [-1_000, '3903e7'],
  [1e300, 'fb7e37e43c8800759c'],
  [2 ** 64, 'fa5f800000'],
  [1.1, 'fb3ff199999999999a'],
  [1.5, 'f93e00'],
  [-4.1, 'fbc010666666666666'],
  [2 ** -24, 'f90001'],
  [2 ** -14, 'f90400'],
  [(2 - 2 ** -23) * 2 ** 127, 'fa7f7fffff'],
  [65_504.5, 'fa477fe080'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  ['', '60'],
  ['IETF', '6449455446'],
  ['\u00fc', '62c3bc'],
  ['\u{10151}', '64f0908591'],
  [[], '80'],
  [[1, [2, 3]], '8201820203'],
  [{}, 'a0'],
  [{ b: 1, aa: 2, a: [] }, 'a361618061620162616102'],
];

test('values are encoded as RFC 8949 has it, each in one way only', () => {
  for (const [value, expected] of VECTORS) assert.equal(hexOf(value), expected, JSON.stringify(value));
});
