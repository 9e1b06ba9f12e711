import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  compileFingerprints,
  encodeMembers,
  fingerprintOf,
  readFingerprints,
  writeFingerprints,
} from './fingerprints.ts';

const SHAPES: Readonly<Record<string, (index: number) => string>> = {
  numbers: (index) => String(index),
  padded: (index) => `user-${String(index).padStart(9, '0')}`,
  mail: (index) => `person.${index}@example.com`,
  uuid: (index) =>
    `${((index * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-a000-${String(index).padStart(12, '0')}`,
};

describe('spillway-fingerprint-1', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    test(`S1: of 300,000 listed ${name} all are found, of 300,000 others none`, () => {
      const lists = compileFingerprints(encodeMembers(Array.from({ length: 300_000 }, (_, index) => shape(index * 2))));
      for (let index = 0; index < 600_000; index += 1) assert.equal(lists(shape(index)), index % 2 === 0, shape(index));
    });

    test(`S1: fingerprints of ${name} spread evenly, so that strangers meet as seldom as chance says`, () => {
      const count = 200_000;
      const bits = 26;
      const leading = new Map<number, number>();
      const trailing = new Map<number, number>();
      for (let index = 0; index < count; index += 1) {
        const fingerprint = fingerprintOf(shape(index));
        add(leading, Math.floor(fingerprint / 2 ** (53 - bits)));
        add(trailing, fingerprint % 2 ** bits);
      }
      // Pairs that share 26 of the 53 bits: a Poisson number, expected 298.
      const expected = (count * (count - 1)) / 2 / 2 ** bits;
      for (const found of [pairs(leading), pairs(trailing)]) {
        assert.ok(
          Math.abs(found - expected) < 6 * Math.sqrt(expected),
          `${found} pairs, ${expected.toFixed(0)} expected`,
        );
      }
    });
  }

  test('S1: the order and repetition of keys do not matter', () => {
    assert.deepEqual(encodeMembers(['b', 'a', 'b']), encodeMembers(['a', 'b']));
    assert.equal(encodeMembers([]).fingerprints, '');
    assert.equal(compileFingerprints(encodeMembers([]))('a'), false);
    assert.equal(encodeMembers(['a', 'b']).fingerprints.length, 18);
  });

  test('S1: lists of every small size are exact', () => {
    const keys = Array.from({ length: 130 }, (_, index) => `k${index}`);
    for (let size = 0; size <= keys.length; size += 1) {
      const lists = compileFingerprints(encodeMembers(keys.slice(0, size)));
      for (const [index, key] of keys.entries()) assert.equal(lists(key), index < size, `${key} of ${size}`);
    }
  });

  test('S1: fingerprints are read back as they were written, and other text is refused', () => {
    const sorted = Float64Array.from(Array.from({ length: 12_345 }, (_, index) => fingerprintOf(`k${index}`))).sort();
    const text = writeFingerprints(sorted);
    assert.deepEqual(readFingerprints(text), sorted);
    assert.deepEqual(readFingerprints(''), new Float64Array());
    assert.throws(() => readFingerprints(text.slice(1)), /9 characters/);
    assert.throws(() => readFingerprints(text.slice(0, 9).repeat(2)), /sorted/);
    assert.throws(() => readFingerprints(`?${text.slice(1)}`), /no digit/);
  });

  test('a list that is cut off, out of order, of foreign characters or another algorithm is refused', () => {
    const { fingerprints } = encodeMembers(Array.from({ length: 100 }, (_, index) => `k${index}`));
    const list = (text: string) => () =>
      compileFingerprints({ algorithm: 'spillway-fingerprint-1', fingerprints: text });
    assert.throws(list(fingerprints.slice(1)), /9 characters/);
    assert.throws(list(fingerprints.slice(450) + fingerprints.slice(0, 450)), /sorted/);
    assert.throws(list(`?${fingerprints.slice(1)}`), /no digit/);
    assert.throws(list(`z${fingerprints.slice(1)}`), /too large/);
    assert.throws(() => Reflect.apply(compileFingerprints, undefined, [{ algorithm: 'other', fingerprints }]), /other/);
  });
});

function add(counts: Map<number, number>, value: number): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function pairs(counts: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += (count * (count - 1)) / 2;
  return sum;
}
