import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileFingerprints, encodeMembers, fingerprintOf } from './fingerprints.ts';

const SHAPES: Readonly<Record<string, (index: number) => string>> = {
  numbers: (index) => String(index),
  padded: (index) => `user-${String(index).padStart(9, '0')}`,
  mail: (index) => `person.${index}@example.com`,
  uuid: (index) =>
    `${((index * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-a000-${String(index).padStart(12, '0')}`,
};

describe('spillway-fingerprint-1 over many keys', () => {
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
});

function add(counts: Map<number, number>, value: number): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function pairs(counts: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += (count * (count - 1)) / 2;
  return sum;
}
