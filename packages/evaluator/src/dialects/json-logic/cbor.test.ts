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
  ...([
    [255, '18ff'],
    [256, '190100'],
    [65_535, '19ffff'],
    [65_536, '1a00010000'],
    [2 ** 32 - 1, '1affffffff'],
    [2 ** 32, '1b0000000100000000'],
    [2 ** 63, '1b8000000000000000'],
    [2 ** 64 - 2 ** 11, '1bfffffffffffff800'],
    [-(2 ** 63), '3b7fffffffffffffff'],
    [-(2 ** 63) - 2 ** 11, 'fbc3e0000000000001'],
    [-(2 ** 64), 'fadf800000'],
    [-1.5, 'f9be00'],
    [-(2 ** -24), 'f98001'],
    [2 ** -25, 'fa33000000'],
    [2 ** -14 + 2 ** -24, 'f90401'],
    [16_383.5, 'fa467ffe00'],
    [Number.NaN, 'f97e00'],
    [Number.POSITIVE_INFINITY, 'f97c00'],
    [Number.NEGATIVE_INFINITY, 'f9fc00'],
  ] as const),
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
  [{ ac: 1, ab: 2, b: 3 }, 'a36162036261620262616301'],
];

test('values are encoded as RFC 8949 has it, each in one way only', () => {
  for (const [value, expected] of VECTORS) assert.equal(hexOf(value), expected, JSON.stringify(value));
});

test('a length takes as few bytes as it can', () => {
  const head = (length: number) => hexOf('x'.repeat(length)).slice(0, -2 * length);
  const lengths = [23, 24, 255, 256, 65_535, 65_536];
  assert.deepEqual(lengths.map(head), ['77', '7818', '78ff', '790100', '79ffff', '7a00010000']);
});

test('what JSON does not have cannot be hashed', () => {
  for (const value of [undefined, () => 1, Symbol('x')]) {
    assert.throws(() => cborOf(value), /^TypeError: there is nothing to be hashed$/);
  }
});
