import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RankedProfile, Store } from '@spillway/control/ports';

function profile(
  key: string,
  rank: number,
  attributes: RankedProfile['attributes'] = {},
  updated_at_ms = 1,
): RankedProfile {
  return { key, rank, attributes, updated_at_ms };
}

/** What every store promises of profiles; `newProject` keeps tests apart. */
export function profileTests(store: () => Store, newProject: () => string): void {
  test('a profile is made, written over, read and removed, and other projects see nothing of it', async () => {
    const [project, other] = [newProject(), newProject()];
    const { profiles } = store();
    const attributes = { plan: 'pro', 'ключ 🙂': [1.5, null, { deep: true }] };
    await profiles.put(project, [profile('u1', 7), profile('u2', 8), profile('u1', 7, attributes, 2)]);
    assert.deepEqual(await profiles.read(project, 'u1'), { key: 'u1', attributes, updated_at_ms: 2 });
    assert.equal(await profiles.count(project), 2);
    await profiles.put(project, [profile('u1', 9, {}, 3)]);
    assert.deepEqual(await profiles.read(project, 'u1'), { key: 'u1', attributes: {}, updated_at_ms: 3 });
    assert.deepEqual([await profiles.read(other, 'u1'), await profiles.count(other)], [undefined, 0]);
    assert.deepEqual([await profiles.remove(project, 'u1'), await profiles.remove(project, 'u1')], [true, false]);
    assert.equal(await profiles.count(project), 1);
    await profiles.put(project, []);
  });

  test('profiles are listed by the bytes of their keys, from any point and by what keys begin with', async () => {
    const project = newProject();
    const { profiles } = store();
    const keys = ['b', 'B', 'a%', 'a_', 'a', 'ab', 'ä', '\uffee', '\u{1f600}', 'a\u{10ffff}'];
    await profiles.put(
      project,
      keys.map((key, index) => profile(key, index)),
    );
    const byBytes = keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const list = async (page: Parameters<typeof profiles.list>[1]) =>
      (await profiles.list(project, page)).map(({ key }) => key);
    assert.deepEqual(await list({ limit: 20 }), byBytes);
    assert.deepEqual(await list({ limit: 3, after: 'a_' }), byBytes.slice(byBytes.indexOf('a_') + 1).slice(0, 3));
    assert.deepEqual(await list({ limit: 20, prefix: 'a%' }), ['a%']);
    assert.deepEqual(await list({ limit: 2, prefix: 'a', after: 'a' }), ['a%', 'a_']);
  });

  test('profiles are read in the order of their ranks, each once', async () => {
    const project = newProject();
    const { profiles } = store();
    const ranks = [5, 3, 3, 2 ** 53 - 1, 0];
    await profiles.put(
      project,
      ranks.map((rank, index) => profile(`u${index}`, rank)),
    );
    const seen: RankedProfile[] = [];
    for (let page = await profiles.byRank(project, { limit: 2 }); page.length > 0; ) {
      seen.push(...page);
      const last = page.at(-1);
      page = last === undefined ? [] : await profiles.byRank(project, { after: last, limit: 2 });
    }
    assert.deepEqual(
      seen.map(({ key, rank }) => [key, rank]),
      [
        ['u4', 0],
        ['u1', 3],
        ['u2', 3],
        ['u0', 5],
        ['u3', 2 ** 53 - 1],
      ],
    );
  });

  test('profiles that many write at once in different orders are all there', async () => {
    const project = newProject();
    const rows = Array.from({ length: 100 }, (_, index) => profile(`u${index}`, index));
    await Promise.all([rows, rows.toReversed(), rows].map((some) => store().profiles.put(project, some)));
    assert.equal(await store().profiles.count(project), 100);
  });

  test('memberships are recorded with the mark they leave, told newest first, and forgotten', async () => {
    const project = newProject();
    const { memberships } = store();
    const counts = { profiles: 10, sampled: 10, members: 4, entered: 4, left: 0 };
    assert.equal(await memberships.mark(project, 'beta'), undefined);
    for (const at_ms of [1, 2, 3, 3]) {
      const mark = { segment: 'beta', upto: at_ms, ranks: 'A'.repeat(9 * at_ms) };
      await memberships.record(project, { segment: 'beta', at_ms, ...counts }, mark);
    }
    await memberships.record(
      project,
      { segment: 'other', at_ms: 9, ...counts },
      { segment: 'other', upto: 1, ranks: '' },
    );
    const history = await memberships.history(project, 'beta', 2);
    assert.deepEqual(
      history,
      [3, 2].map((at_ms) => ({ segment: 'beta', at_ms, ...counts })),
    );
    assert.deepEqual(await memberships.mark(project, 'beta'), { segment: 'beta', upto: 3, ranks: 'A'.repeat(27) });
    await memberships.forgetBefore(project, 3);
    assert.equal((await memberships.history(project, 'beta', 9)).length, 1);
    assert.deepEqual(await memberships.history(newProject(), 'beta', 9), []);
  });
}
