import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  compileFingerprints,
  encodeMembers,
  fingerprintOf,
  readFingerprints,
  writeFingerprints,
} from './fingerprints.ts';

describe('spillway-fingerprint-1', () => {
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
    assert.deepEqual([...readFingerprints('AAAAAAAAAAAAAAAAAB')], [0, 1]);
    assert.throws(() => readFingerprints(text.slice(1)), /9 characters/);
    assert.throws(() => readFingerprints(text.slice(0, 9).repeat(2)), /sorted/);
    assert.throws(() => readFingerprints(`?${text.slice(1)}`), /no digit/);
  });

  test('S1: a key is told from one whose fingerprint differs in a single digit', () => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const lists = (fingerprints: string) => compileFingerprints({ algorithm: 'spillway-fingerprint-1', fingerprints });
    for (let index = 0; index < 50; index += 1) {
      const key = `k${index}`;
      const { fingerprints: own } = encodeMembers([key]);
      assert.equal(lists(own)(key), true);
      for (let at = 0; at < own.length; at += 1) {
        const digit = digits.indexOf(own.charAt(at));
        for (const bit of [1, 2, 4, 8, 16]) {
          const near = own.slice(0, at) + digits.charAt(digit ^ bit) + own.slice(at + 1);
          assert.equal(lists(near)(key), false, `${key}: ${own} among ${near}`);
          assert.equal(lists([own, near].sort(byDigits).join(''))(key), true, `${key}: ${own} beside ${near}`);
        }
      }
    }
    function byDigits(one: string, other: string): number {
      const [a = 0, b = 0] = [readFingerprints(one)[0], readFingerprints(other)[0]];
      return a - b;
    }
  });

  test('a list that is cut off, out of order, of foreign characters or another algorithm is refused', () => {
    const { fingerprints } = encodeMembers(Array.from({ length: 100 }, (_, index) => `k${index}`));
    const list = (text: string) => () =>
      compileFingerprints({ algorithm: 'spillway-fingerprint-1', fingerprints: text });
    assert.throws(list(fingerprints.slice(1)), /9 characters/);
    assert.throws(list(fingerprints.slice(450) + fingerprints.slice(0, 450)), /sorted/);
    assert.throws(list(`?${fingerprints.slice(1)}`), /no digit/);
    assert.throws(list(`z${fingerprints.slice(1)}`), /too large/);
    assert.throws(list('gAAAAAAAA'), /too large/);
    assert.doesNotThrow(list('f________'));
    assert.throws(() => Reflect.apply(compileFingerprints, undefined, [{ algorithm: 'other', fingerprints }]), /other/);
  });
});
