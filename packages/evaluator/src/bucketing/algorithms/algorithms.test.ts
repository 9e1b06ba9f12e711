import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fnv1aOf } from './fnv1a.ts';
import { md5Of } from './md5.ts';
import { lowBytesOf, murmur3Of, murmur3OfUnits } from './murmur3.ts';
import { sha1Of } from './sha1.ts';
import { sha256Of } from './sha256.ts';
import { utf8Of } from './utf8.ts';

const SEED = 20_261_129;
/** Every length around the borders of one block, two and three. */
const LENGTHS = Array.from({ length: 200 }, (_, length) =>
  'abcdefghijklmnopqrstuvwxyz0123456789-'.repeat(6).slice(0, length),
);
const TEXTS = [
  ...LENGTHS,
  'é',
  'żółw',
  '日本語',
  '😀',
  '\ud83d',
  '\ude00x',
  '\u07ff\u0800\uffff\u{10000}\u{10ffff}',
  '\ud7ff\ue000',
  '\ud800',
  '\udfff',
  '\u007f\u0080',
];

const digest = (algorithm: string, text: string) => createHash(algorithm).update(new TextEncoder().encode(text));

describe('hashes that other products bucket by', () => {
  test('text becomes the bytes that every encoder makes of it', () => {
    const check = (text: string) =>
      assert.deepEqual(utf8Of(text), [...new TextEncoder().encode(text)], JSON.stringify(text));
    TEXTS.forEach(check);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { seed: SEED });
  });

  test('MD5, SHA-1 and SHA-256 are those of the platform', () => {
    for (const text of TEXTS) {
      assert.deepEqual(md5Of(text), [...digest('md5', text).digest()], `md5 of ${JSON.stringify(text)}`);
      const sha1 = sha1Of(text).map((word) => word.toString(16).padStart(8, '0'));
      assert.equal(sha1.join(''), digest('sha1', text).digest('hex'), `sha1 of ${JSON.stringify(text)}`);
      assert.equal(sha256Of(utf8Of(text)), digest('sha256', text).digest('hex'), `sha256 of ${JSON.stringify(text)}`);
    }
  });

  test('a digest begins with zeros where it does', () => {
    // The first of these texts whose digest does.
    const text = Array.from({ length: 1_000 }, (_, index) => `k${index}`).find((each) =>
      digest('sha256', each).digest('hex').startsWith('00'),
    );
    assert.ok(text !== undefined);
    assert.equal(sha256Of(utf8Of(text)), digest('sha256', text).digest('hex'));
  });

  test('MurmurHash3 gives what is published for it', () => {
    for (const [bytes, seed, expected] of [
      [[], 0, 0],
      [[], 1, 0x514e28b7],
      [[], 0xffffffff, 0x81f16f39],
      [[0xff, 0xff, 0xff, 0xff], 0, 0x76293b50],
      [[0x21, 0x43, 0x65, 0x87], 0, 0xf55b516b],
      [[0x21, 0x43, 0x65, 0x87], 0x5082edee, 0x2362f9de],
      [[0x21, 0x43, 0x65], 0, 0x7e4a8634],
      [[0x21, 0x43], 0, 0xa0f7b07a],
      [[0x21], 0, 0x72661cf4],
      [[0, 0, 0, 0], 0, 0x2362f9de],
      [[0, 0, 0], 0, 0x85f0b427],
      [[0, 0], 0, 0x30f4c306],
      [[0], 0, 0x514e28b7],
    ] as const) {
      assert.equal(murmur3Of(bytes, seed), expected, `${bytes} with ${seed}`);
    }
    assert.equal(murmur3Of(utf8Of('Hello, world!'), 0x9747b28c), 0x24884cba);
    assert.equal(murmur3Of(utf8Of('The quick brown fox jumps over the lazy dog'), 0x9747b28c), 0x2fa826cd);
    assert.equal(murmur3Of([0x121], 0), murmur3Of([0x21], 0));
  });

  test('by UTF-16 units it is the same for ASCII, and its own beyond', () => {
    for (const text of LENGTHS) {
      assert.equal(murmur3OfUnits(text), murmur3Of(utf8Of(text), 0), text);
      assert.deepEqual([...lowBytesOf(text)], utf8Of(text));
    }
    assert.deepEqual([...lowBytesOf('é日')], [0xe9, 0xe5]);
    // What is left of it is negative, and passed over.
    assert.equal(murmur3OfUnits('aa\u8000'), murmur3Of([0, 0, 0], 0));
    assert.notEqual(murmur3OfUnits('日本語版'), murmur3Of(lowBytesOf('日本語版'), 0));
  });

  test('FNV-1a gives what is published for it', () => {
    for (const [text, expected] of [
      ['', 0x811c9dc5],
      ['a', 0xe40c292c],
      ['b', 0xe70c2de5],
      ['foobar', 0xbf9cf968],
    ] as const) {
      assert.equal(fnv1aOf(text), expected, text);
    }
  });
});
