import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryStore } from '../../../testing/on-every-store.ts';
import {
  accepted,
  byAdmin,
  createTestClock,
  createTestStore,
  sha256,
  startControl,
} from '../../../testing/start-control.ts';
import type { Store } from '../../ports/index.ts';
import { sweep, UNNAMED_MS } from './sweep.ts';

const PROJECT = 'default';
const LIST = { key: 'vips', members: { keys: ['ana', 'bo'] } };

function leftovers(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    digest: sha256(`left over ${index}`),
    text: `left over ${index}`,
  }));
}

const countOf = async (store: Store) => (await store.chunks.kept(PROJECT, { limit: 500 })).length;

async function* rows(...keys: string[]) {
  yield keys;
}

onEveryStore(
  'S1: what no version of any list names goes after a day, and what one did stays for good',
  async (t, store) => {
    const clock = createTestClock();
    const control = await startControl({ store, clock });
    t.after(() => control.stop());
    accepted(await control.segments.create(byAdmin(), LIST));
    accepted(await control.segments.importMembers(byAdmin(), 'vips', 'replace', rows('eve')));
    accepted(await control.segments.create(byAdmin(), { ...LIST, key: 'gone', members: { keys: ['zoe'] } }));
    accepted(await control.segments.remove(byAdmin(), 'gone'));
    const named = await countOf(store);
    assert.equal(named, 3);
    const left = leftovers(150);
    for (let start = 0; start < left.length; start += 50)
      await store.chunks.put(PROJECT, left.slice(start, start + 50));

    assert.equal(await sweep({ store, project: PROJECT, clock }), 0, 'marked, no more');
    clock.skip(UNNAMED_MS - 60_000);
    assert.equal(await sweep({ store, project: PROJECT, clock }), 0, 'not yet a day');
    clock.skip(120_000);
    assert.equal(await sweep({ store, project: PROJECT, clock }), left.length);
    assert.equal(await countOf(store), named);
    assert.equal(accepted(await control.segments.checkMembers(byAdmin(), 'vips', ['eve'])).items[0]?.listed, true);
    for (const chunk of await store.chunks.kept(PROJECT, { limit: 9 })) assert.equal(chunk.marked_ms, null);
  },
);

onEveryStore(
  'S1: what an import under way has put stays, also where the same was left over before',
  async (t, store) => {
    const clock = createTestClock();
    const control = await startControl({ store: sweepingBeforeCommits(store), clock });
    t.after(() => control.stop());
    // The very chunk that the import below will need, left over and due to go.
    accepted(await control.segments.create(byAdmin(), { key: 'vips', members: { keys: [] } }));
    await store.chunks.put(PROJECT, await chunksOfTheSameList());
    await sweep({ store, project: PROJECT, clock });
    clock.skip(UNNAMED_MS + 1);

    accepted(await control.segments.importMembers(byAdmin(), 'vips', 'replace', rows(...LIST.members.keys)));
    clock.skip(2 * UNNAMED_MS);
    await sweep({ store, project: PROJECT, clock });
    const { items } = accepted(await control.segments.checkMembers(byAdmin(), 'vips', ['ana', 'bo', 'eve']));
    assert.deepEqual(
      items.map(({ listed }) => listed),
      [true, true, false],
    );

    async function chunksOfTheSameList() {
      const elsewhere = createTestStore();
      const other = await startControl({ store: elsewhere, clock });
      t.after(() => other.stop());
      accepted(await other.segments.create(byAdmin(), LIST));
      const kept = await elsewhere.chunks.kept(PROJECT, { limit: 9 });
      assert.equal(kept.length, 1);
      return elsewhere.chunks.read(
        PROJECT,
        kept.map(({ digest }) => digest),
      );
    }

    /** A sweep between the chunks and the commit that names them, as late as can be. */
    function sweepingBeforeCommits(inner: Store): Store {
      const commit: Store['commit'] = async (request) => {
        if (request.writes.some(({ noun }) => noun === 'segments')) {
          await sweep({ store: inner, project: PROJECT, clock });
          clock.skip(3_600_000);
          await sweep({ store: inner, project: PROJECT, clock });
        }
        return inner.commit(request);
      };
      return new Proxy(inner, { get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name)) });
    }
  },
);

test('S1: a sweep that dies in the middle is finished by the next', async () => {
  const clock = createTestClock();
  const store = createTestStore();
  const left = leftovers(150);
  for (let start = 0; start < left.length; start += 50) await store.chunks.put(PROJECT, left.slice(start, start + 50));
  await sweep({ store, project: PROJECT, clock });
  clock.skip(UNNAMED_MS + 1);
  let calls = 0;
  const dying: Store = {
    ...store,
    chunks: {
      ...store.chunks,
      async remove(...given) {
        calls += 1;
        if (calls > 1) throw new Error('the power went');
        return store.chunks.remove(...given);
      },
    },
  };
  await assert.rejects(sweep({ store: dying, project: PROJECT, clock }), /the power went/);
  const between = await countOf(store);
  assert.ok(between > 0 && between < left.length, `${between} are left`);
  assert.equal(await sweep({ store, project: PROJECT, clock }), between);
  assert.equal(await countOf(store), 0);
});

test('S1: a control plane looks for what was left over when it starts', async (t) => {
  const clock = createTestClock();
  const store = createTestStore();
  await store.chunks.put(PROJECT, leftovers(3));
  await store.chunks.mark(
    PROJECT,
    leftovers(3).map(({ digest }) => digest),
    Math.floor(clock.now()) - UNNAMED_MS,
  );
  const control = await startControl({ store, clock });
  t.after(() => control.stop());
  const until = performance.now() + 5_000;
  while ((await countOf(store)) > 0 && performance.now() < until) await clock.sleep(5);
  assert.equal(await countOf(store), 0);
});
