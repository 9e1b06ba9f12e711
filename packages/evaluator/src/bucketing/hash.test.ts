import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { lanesOf } from '../testing/lanes.ts';
import { assembleHash } from './assembly/assembled.ts';
import { hashAscii, hashBytes } from './scripted.ts';

interface AsciiHash {
  readonly hash: (text: string) => boolean;
  readonly lanes: Int32Array;
}

function assembled(): AsciiHash {
  const { hash, lanes } = assembleHash() ?? assert.fail('this engine assembles');
  return { hash: (text) => hash(text) !== 0, lanes };
}

function scripted(): AsciiHash {
  const lanes = new Int32Array(2);
  return { hash: (text) => hashAscii(text, lanes), lanes };
}

for (const [name, made] of Object.entries({ assembled, scripted })) {
  describe(`the hash of ASCII, ${name}`, () => {
    test('F4: it is the published one, at every length', () => {
      const { hash, lanes } = made();
      fc.assert(
        fc.property(fc.string({ unit: 'binary-ascii', maxLength: 80 }), (text) => {
          assert.equal(hash(text), true);
          assert.deepEqual([...lanes], lanesOf(new TextEncoder().encode(text)));
        }),
        { numRuns: 2_000 },
      );
    });

    test('F4: text in pieces or cut out of another is hashed as if it were whole', () => {
      const { hash, lanes } = made();
      const whole = '0b6c3f0e-7f6e-4c4f-a3a1-6f7c1d0e9b2a';
      const expected = lanesOf(new TextEncoder().encode(whole));
      const [first = '', ...others] = whole.split('-');
      const joined = others.reduce((text, part) => `${text}-${part}`, first);
      for (const text of [whole, joined, `${'x'.repeat(50)}${whole}${'y'.repeat(50)}`.slice(50, 86)]) {
        assert.equal(hash(text), true);
        assert.deepEqual([...lanes], expected);
      }
    });

    test('F4: no character outside ASCII goes by unnoticed, wherever it stands', () => {
      const { hash } = made();
      for (const character of ['\x80', 'é', 'ÿ', 'Ā', '\u0180', '\u8000', '\uff00', '\ud800', '😀']) {
        for (let before = 0; before < 9; before += 1) {
          for (let after = 0; after < 9; after += 1) {
            const text = `${'k'.repeat(before)}${character}${'k'.repeat(after)}`;
            assert.equal(hash(text), false, JSON.stringify(text));
          }
        }
      }
    });
  });
}

test('F4: text outside ASCII is hashed by its UTF-8 bytes', () => {
  const lanes = new Int32Array(2);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.boolean(), (text, lone) => {
      const key = `${text}${lone ? '\ud800' : ''}`;
      hashBytes(key, lanes);
      assert.deepEqual([...lanes], lanesOf(new TextEncoder().encode(key)));
    }),
  );
});

test('where the platform has no WebAssembly, or forbids it, nothing is assembled and nothing thrown', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') ?? assert.fail('there is WebAssembly');
  const forbidding = {
    Module: class {
      constructor() {
        throw new Error('Refused to compile: the content security policy forbids it');
      }
    },
  };
  try {
    for (const value of [undefined, {}, forbidding]) {
      Object.defineProperty(globalThis, 'WebAssembly', { ...own, value });
      assert.equal(assembleHash(), undefined);
    }
  } finally {
    Object.defineProperty(globalThis, 'WebAssembly', own);
  }
});
