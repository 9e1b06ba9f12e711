import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, createTestStore, refused, startControl } from '../../testing/start-control.ts';
import type { Store } from '../ports/index.ts';

test('what the store certainly did not write is said not to be made, with what to do', async (t) => {
  const inner = createTestStore();
  let isFull = false;
  const store: Store = {
    ...inner,
    async commit(commit) {
      if (isFull) throw Object.assign(new Error('The disk is full. Free space on it.'), { code: 'unwritable' });
      return inner.commit(commit);
    },
  };
  const control = await startControl({ store });
  t.after(() => control.stop());
  isFull = true;
  const created = refused(await control.flags.create(byAdmin(), { key: 'checkout' }), 'unavailable');
  assert.equal(created.message, 'The flag checkout was not changed. The disk is full. Free space on it.');
  const definitions = { flags: { checkout: {} }, segments: {} };
  const terms = { prune: false };
  const { fingerprint } = accepted(await control.definitions.plan(byAdmin(), definitions, terms));
  const applied = refused(await control.definitions.apply(byAdmin(), definitions, terms, fingerprint), 'unavailable');
  assert.equal(applied.message, 'Nothing was changed. The disk is full. Free space on it.');
});
