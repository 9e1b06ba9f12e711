import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecentContext, Store } from '@spillway/control/ports';

const MOST = 1_000;

function recent(key: string, rank: number, seen_ms = 1, attributes: RecentContext['attributes'] = {}): RecentContext {
  return { key, rank, seen_ms, attributes };
}

/** What every store promises of recent contexts. */
export function contextTests(store: () => Store, newProject: () => string): void {
  test('contexts are kept per environment, written over, counted and removed; other projects see nothing', async () => {
    const [project, other] = [newProject(), newProject()];
    const { contexts } = store();
    const attributes = { plan: 'pro', 'ключ 🙂': [1.5, null, { deep: true }] };
    await contexts.put(project, 'a', [recent('u1', 7), recent('u2', 8, 5), recent('u1', 7, 3, attributes)], MOST);
    await contexts.put(project, 'b', [recent('u1', 1)], MOST);
    await contexts.put(project, 'b', [], MOST);
    assert.deepEqual(await contexts.byRank(project, 'a', { limit: 9 }), [
      recent('u1', 7, 3, attributes),
      recent('u2', 8, 5),
    ]);
    assert.deepEqual(await contexts.kept(project, 'a'), { count: 2, oldest_ms: 3, newest_ms: 5, highest_rank: 8 });
    const none = { count: 0, oldest_ms: null, newest_ms: null, highest_rank: null };
    assert.deepEqual(await contexts.kept(other, 'a'), none);
    assert.deepEqual(
      [await contexts.remove(project, 'a', 'u1'), await contexts.remove(project, 'a', 'u1')],
      [true, false],
    );
    assert.equal((await contexts.kept(project, 'b')).count, 1);
    assert.deepEqual([await contexts.clear(project, 'a'), await contexts.clear(project, 'a')], [1, 0]);
    assert.deepEqual(await contexts.kept(project, 'a'), none);
  });

  test('only the lowest ranks are kept, and they are read in order, each once', async () => {
    const project = newProject();
    const { contexts } = store();
    const ranks = [5, 3, 3, 2 ** 53 - 1, 0, 9];
    await contexts.put(
      project,
      'a',
      ranks.map((rank, index) => recent(`u${index}`, rank)),
      4,
    );
    await contexts.put(project, 'a', [recent('late', 4)], 4);
    const seen: RecentContext[] = [];
    for (let page = await contexts.byRank(project, 'a', { limit: 2 }); page.length > 0; ) {
      seen.push(...page);
      const last = page.at(-1);
      page = last === undefined ? [] : await contexts.byRank(project, 'a', { after: last, limit: 2 });
    }
    assert.deepEqual(
      seen.map(({ key, rank }) => [key, rank]),
      [
        ['u4', 0],
        ['u1', 3],
        ['u2', 3],
        ['late', 4],
      ],
    );
  });

  test('contexts that were not asked for since are forgotten in every environment', async () => {
    const project = newProject();
    const { contexts } = store();
    for (const environment of ['a', 'b']) {
      await contexts.put(project, environment, [recent('old', 1, 10), recent('new', 2, 20)], MOST);
    }
    await contexts.forget(project, 20);
    for (const environment of ['a', 'b']) {
      assert.deepEqual(
        (await contexts.byRank(project, environment, { limit: 9 })).map(({ key }) => key),
        ['new'],
      );
    }
  });

  test('a salt stays the first one until its environment is cleared', async () => {
    const project = newProject();
    const { contexts } = store();
    const salts = await Promise.all(['s1', 's2', 's3'].map((fresh) => contexts.salt(project, 'a', fresh)));
    assert.equal(new Set(salts).size, 1);
    assert.equal(await contexts.salt(project, 'b', 'other'), 'other');
    await contexts.clear(project, 'a');
    assert.equal(await contexts.salt(project, 'a', 's4'), 's4');
    assert.equal(await contexts.salt(project, 'b', 's5'), 'other');
  });

  test('contexts that many write at once in different orders are all there', async () => {
    const project = newProject();
    const rows = Array.from({ length: 100 }, (_, index) => recent(`u${index}`, index));
    await Promise.all([rows, rows.toReversed(), rows].map((some) => store().contexts.put(project, 'a', some, MOST)));
    assert.equal((await store().contexts.kept(project, 'a')).count, 100);
  });
}
