import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanesOf } from '../testing/lanes.ts';

const WORTH_ASSEMBLING = 8_192;
let made = 0;

/** A module of its own, that has hashed nothing yet. */
async function freshHash(): Promise<typeof import('./hash.ts')> {
  made += 1;
  const path = `./hash.ts?fresh=${made}`;
  return await import(path);
}

function assertHashes(hash: typeof import('./hash.ts'), text: string): void {
  hash.hashText(text);
  assert.deepEqual([...hash.lanes], lanesOf(new TextEncoder().encode(text)), JSON.stringify(text));
}

/** Alike in all that is looked at first: length, last character, or both. */
const ALIKE = [
  '',
  'x',
  '',
  'ax',
  'bx',
  'ax',
  'ax',
  'xa',
  'x',
  'xx',
  'y',
  '\0',
  '',
  'é',
  'aé',
  'bé',
  'aé',
  '\ud800',
  'a',
  'aa',
  'ba',
];

test('F4: what was hashed last is kept for the same text and for no other', async () => {
  const hash = await freshHash();
  for (const text of [...ALIKE, ...ALIKE.toReversed()]) assertHashes(hash, text);
});

test('F4: the first text of a process is hashed, also the empty one', async () => {
  for (const text of ['', '\0', 'a']) assertHashes(await freshHash(), text);
});

test('F4: after some thousand texts the hash is assembled, and says the same', async () => {
  const hash = await freshHash();
  const before = hash.lanes;
  for (let index = 1; index < WORTH_ASSEMBLING; index += 1) hash.hashText(`user-${index}`);
  assert.equal(hash.lanes, before);
  hash.hashText('user-0');
  assert.notEqual(hash.lanes, before);
  for (const text of ALIKE) assertHashes(hash, text);
});

test('where nothing can be assembled it is tried once, and hashing goes on', async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly') ?? assert.fail('there is WebAssembly');
  let tried = 0;
  const value = {
    Module: class {
      constructor() {
        tried += 1;
        throw new Error('Refused to compile: the content security policy forbids it');
      }
    },
  };
  try {
    Object.defineProperty(globalThis, 'WebAssembly', { ...own, value });
    const hash = await freshHash();
    const before = hash.lanes;
    for (let index = 0; index < 3 * WORTH_ASSEMBLING; index += 1) hash.hashText(`user-${index}`);
    assert.equal(tried, 1);
    assert.equal(hash.lanes, before);
    for (const text of ALIKE) assertHashes(hash, text);
  } finally {
    Object.defineProperty(globalThis, 'WebAssembly', own);
  }
});
