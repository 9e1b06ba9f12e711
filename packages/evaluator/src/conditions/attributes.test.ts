import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvaluationContext } from '../index.ts';
import { ownContext } from './attributes.ts';

/** A module of its own, because the first names that it meets are read by code of their own. */
async function fresh(): Promise<typeof import('./attributes.ts')> {
  const again = `./attributes.ts?fresh=${Math.random()}`;
  return await import(again);
}

const NAMES = Array.from({ length: 20 }, (_, index) => `attribute-${index}`);

test('each of many attributes is read where it stands, by the first reader made for it and by later ones', async () => {
  const { readerOf } = await fresh();
  const context = Object.fromEntries(NAMES.map((name, index) => [name, index]));
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(
      NAMES.map((name) => readerOf(name)(context)),
      NAMES.map((_, index) => index),
    );
    assert.equal(readerOf('targetingKey')({ targetingKey: 'u' }), 'u');
    assert.equal(readerOf('missing')({ targetingKey: 'u' }), undefined);
  }
});

test('only the first names have readers of their own', async () => {
  const { readerOf } = await fresh();
  const readers = NAMES.map((name) => readerOf(name));
  const again = NAMES.map((name) => readerOf(name));
  const kept = readers.filter((reader, index) => reader === again[index]);
  assert.ok(kept.length > 5 && kept.length < NAMES.length, `${kept.length} are kept`);
});

test('what every object inherits is read only where it is the context’s own', async () => {
  const { readerOf } = await fresh();
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(readerOf(name)({}), undefined);
    const own: EvaluationContext = JSON.parse(`{${JSON.stringify(name)}: "mine"}`);
    assert.equal(readerOf(name)(own), 'mine');
  }
});

test('a path leads through objects, and through nothing else', async () => {
  const { readerOf } = await fresh();
  const read = readerOf('organisation', ['owner', 'plan']);
  assert.equal(read({ organisation: { owner: { plan: 'pro' } } }), 'pro');
  for (const organisation of [undefined, null, 'owner', 7, ['owner'], { owner: null }, { owner: ['plan'] }, {}]) {
    assert.equal(read({ organisation } as EvaluationContext), undefined, JSON.stringify(organisation));
  }
  assert.equal(readerOf('list', ['length'])({ list: [1, 2] }), undefined);
  assert.equal(readerOf('text', ['length'])({ text: 'ab' }), undefined);
  assert.equal(readerOf('object', ['toString'])({ object: {} }), undefined);
});

test('a context owns what it shows: what it inherits is left out', () => {
  const plain = { targetingKey: 'u' };
  assert.equal(ownContext(plain), plain, 'a plain object is not copied');
  const bare: EvaluationContext = Object.assign(Object.create(null), { targetingKey: 'u' });
  assert.equal(ownContext(bare), bare);
  const heir: EvaluationContext = Object.assign(Object.create({ plan: 'pro' }), { targetingKey: 'u' });
  assert.deepEqual({ ...ownContext(heir) }, { targetingKey: 'u' });
  assert.equal(ownContext(heir)?.plan, undefined);
  for (const none of [undefined, null, 'text', 7, true, ['u'], () => 'u']) {
    assert.equal(Reflect.apply(ownContext, undefined, [none]), undefined, String(none));
  }
});
