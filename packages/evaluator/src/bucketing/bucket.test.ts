import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SHARE_WHOLE } from '../snapshot.ts';
import { bucketOf, firstPointOf } from './bucket.ts';
import { hashText, lanes } from './hash.ts';

const USERS = 100_000;
/** Five standard deviations of a chi-square with many degrees: about one false alarm in 3 million. */
const DEVIATIONS = 5;

const families: Readonly<Record<string, (index: number) => string>> = {
  'numbered users': (index) => `user-${index}`,
  'bare numbers': (index) => String(index),
  'padded numbers': (index) => String(index).padStart(12, '0'),
  'e-mail addresses': (index) => `person${index}@example.com`,
  'long paths': (index) => `tenant/acme/region/eu-west-1/user/${index}/device`,
  'two counters': (index) => `${index % 317}/${Math.floor(index / 317)}`,
  'letters outside ASCII': (index) => `użytkownik-${index}`,
};

function chiSquare(counts: readonly number[], total: number): number {
  const expected = total / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function assertFits(counts: readonly number[], total: number, what: string): void {
  const degrees = counts.length - 1;
  const off = (chiSquare(counts, total) - degrees) / Math.sqrt(2 * degrees);
  assert.ok(Math.abs(off) < DEVIATIONS, `${what}: ${off.toFixed(1)} standard deviations from uniform`);
}

describe('spillway-1', () => {
  for (const [name, keyAt] of Object.entries(families)) {
    test(`F4: ${name} fall uniformly into 500 ranges, for flags with similar names`, () => {
      for (const seed of ['flag-1', 'flag-2', 'flag-3']) {
        const counts = new Array<number>(500).fill(0);
        for (let index = 0; index < USERS; index += 1) {
          const range = Math.floor(bucketOf(keyAt(index), seed) / 200);
          counts[range] = (counts[range] ?? 0) + 1;
        }
        assertFits(counts, USERS, seed);
      }
    });

    test(`F4: where ${name} fall in one flag says nothing about another flag`, () => {
      const counts = new Array<number>(400).fill(0);
      for (let index = 0; index < USERS; index += 1) {
        const one = Math.floor(bucketOf(keyAt(index), 'checkout-1') / 5_000);
        const other = Math.floor(bucketOf(keyAt(index), 'checkout-2') / 5_000);
        counts[one * 20 + other] = (counts[one * 20 + other] ?? 0) + 1;
      }
      assertFits(counts, USERS, 'pairs of ranges');
    });

    test(`F4: no two of 100,000 ${name} share both lanes, and few share one`, () => {
      const both = new Set<string>();
      const first = new Set<number>();
      for (let index = 0; index < USERS; index += 1) {
        hashText(keyAt(index));
        both.add(`${lanes[0]}/${lanes[1]}`);
        first.add(lanes[0] ?? 0);
      }
      assert.equal(both.size, USERS);
      // 1.2 collisions are expected of a random function; 12 would be a fault.
      assert.ok(USERS - first.size < 12, `${USERS - first.size} collisions in the first lane`);
    });
  }

  test('F4: consecutive users are no neighbours', () => {
    let close = 0;
    for (let index = 0; index < USERS; index += 1) {
      const distance = Math.abs(bucketOf(`user-${index}`, 'seed') - bucketOf(`user-${index + 1}`, 'seed'));
      if (distance < SHARE_WHOLE / 100) close += 1;
    }
    // Two independent buckets are within 1 % of each other in 1.99 % of cases.
    assert.ok(Math.abs(close / USERS - 0.0199) < 0.003, `${close} of ${USERS} are close`);
  });

  test('the first point of a bucket belongs to it, and the point before does not', () => {
    const bucketAt = (point: number) => Math.floor((point * SHARE_WHOLE) / 2 ** 32);
    for (let bucket = 1; bucket < SHARE_WHOLE; bucket += 1) {
      const point = firstPointOf(bucket);
      if (bucketAt(point) !== bucket || bucketAt(point - 1) !== bucket - 1) assert.fail(`${point} of ${bucket}`);
    }
    assert.deepEqual([firstPointOf(0), firstPointOf(SHARE_WHOLE)], [0, 2 ** 32]);
  });

  test('F4: every text has a bucket from 0 to 99,999, always the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (key, seed) => {
        const bucket = bucketOf(key, seed);
        assert.ok(Number.isInteger(bucket) && bucket >= 0 && bucket < SHARE_WHOLE);
        bucketOf('someone else', 'another seed');
        assert.equal(bucketOf(key, seed), bucket);
      }),
    );
  });

  test('F4: nobody moves when the hash is assembled after many texts', () => {
    const again = (index: number) => bucketOf(`${index}-someone-${index % 7 === 0 ? 'ü' : 'u'}`, 'seed');
    const buckets = Array.from({ length: 20_000 }, (_, index) => again(index));
    for (const [index, bucket] of buckets.entries()) assert.equal(again(index), bucket);
  });

  test('the path for ASCII and the path for UTF-8 agree with an independent encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(300), fc.boolean(), (text, more, lone) => {
        const key = `${'k'.repeat(more)}${text}${lone ? '\ud800' : ''}`;
        hashText('');
        hashText(key);
        assert.deepEqual([...lanes], reference(new TextEncoder().encode(key)));
      }),
    );
  });
});

/** The specification's text, written down once more on bytes. */
function reference(bytes: Uint8Array): number[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  const words = new DataView(padded.buffer);
  let a = 0x243f6a88n;
  let b = 0x85a308d3n;
  const low = (value: bigint) => value & 0xffffffffn;
  for (let at = 0; at < padded.length; at += 4) {
    const word = BigInt(words.getUint32(at, true));
    a = low((a ^ word) * 0xcc9e2d51n);
    a ^= a >> 15n;
    b = low((low((b << 11n) | (b >> 21n)) ^ word) * 0x9e3779b1n);
    b ^= b >> 13n;
  }
  const length = BigInt(bytes.length);
  return [Number(BigInt.asIntN(32, a ^ length)), Number(BigInt.asIntN(32, b ^ length))];
}
