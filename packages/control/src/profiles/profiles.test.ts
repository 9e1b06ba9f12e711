import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '@spillway/evaluator';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, createTestStore, refused, startControl } from '../../testing/start-control.ts';
import type { Control } from '../control.ts';
import { MAX_LOOKED_AT } from './search.ts';

const PRO: Condition = { attribute: 'plan', operator: 'equals', values: ['pro'] };
const GERMAN: Condition = { attribute: 'country', operator: 'equals', values: ['DE'] };

async function* batches(count: number, size = 1_000) {
  for (let start = 0; start < count; start += size) {
    yield Array.from({ length: Math.min(size, count - start) }, (_, index) => user(start + index));
  }
}

/** Every fourth is pro, every tenth German. */
function user(index: number) {
  const attributes = { plan: index % 4 === 0 ? 'pro' : 'free', country: index % 10 === 0 ? 'DE' : 'FR' };
  return { key: `u${index}`, attributes };
}

async function withUsers(count: number, store = createTestStore()): Promise<Control> {
  const control = await startControl({ store });
  accepted(await control.segments.create(byAdmin(), { key: 'pro', when: PRO }));
  accepted(await control.segments.create(byAdmin(), { key: 'german', when: GERMAN, priority: 1 }));
  assert.deepEqual(accepted(await control.profiles.upload(byAdmin(), batches(count))), { stored: count });
  return control;
}

onEveryStore(
  'S9: a profile is put, read with its segments, found by what its key begins with, and deleted for good',
  async (t, store) => {
    const control = await withUsers(20, store);
    t.after(() => control.stop());
    const read = accepted(await control.profiles.get(byAdmin(), 'u0'));
    assert.deepEqual(read.segments, ['german', 'pro']);
    assert.ok(Math.abs(Date.parse(read.updated_at) - Date.now()) < 60_000);
    const put = accepted(await control.profiles.put(byAdmin(), { key: 'u0', attributes: { plan: 'pro' } }));
    assert.deepEqual([put.attributes, put.segments], [{ plan: 'pro' }, ['pro']]);
    const first = accepted(await control.profiles.list(byAdmin(), { limit: 3, prefix: 'u1' }));
    assert.deepEqual([first.items.map(({ key }) => key), first.next], [['u1', 'u10', 'u11'], 'u11']);
    const page = { limit: 100, prefix: 'u1', ...(first.next === undefined ? {} : { cursor: first.next }) };
    const rest = accepted(await control.profiles.list(byAdmin(), page));
    assert.deepEqual([rest.items.length, rest.next], [8, undefined]);
    accepted(await control.profiles.remove(byAdmin(), 'u0'));
    refused(await control.profiles.get(byAdmin(), 'u0'), 'not_found');
    refused(await control.profiles.remove(byAdmin(), 'u0'), 'not_found');
  },
);

onEveryStore('S9: profiles are found by what they are and belong to, page after page, each once', async (t, store) => {
  const control = await withUsers(250, store);
  t.after(() => control.stop());
  const all = async (search: Partial<Parameters<typeof control.profiles.list>[1]>) => {
    const keys: string[] = [];
    let looked = 0;
    for (let cursor: string | undefined; ; ) {
      const place = { limit: 7, ...(cursor === undefined ? {} : { cursor }) };
      const page = accepted(await control.profiles.list(byAdmin(), { ...place, ...search }));
      keys.push(...page.items.map(({ key }) => key));
      looked += page.searched?.looked_at ?? 0;
      assert.equal(page.searched?.profiles, 250);
      if (page.next === undefined) return { keys, looked };
      cursor = page.next;
    }
  };
  const expected = (isMeant: (index: number) => boolean) =>
    Array.from({ length: 250 }, (_, index) => index)
      .filter(isMeant)
      .map((index) => `u${index}`)
      .toSorted();
  const pro = { keys: expected((index) => index % 4 === 0), looked: 250 };
  assert.deepEqual(await all({ attributes: ['plan=pro'] }), pro);
  assert.deepEqual(await all({ segments: ['pro'] }), pro);
  assert.deepEqual(await all({ when: PRO }), pro);
  const both = expected((index) => index % 20 === 0);
  assert.deepEqual((await all({ attributes: ['country=DE'], segments: ['pro'] })).keys, both);
  const others = await all({ when: { not: PRO }, prefix: 'u1' });
  assert.deepEqual(
    others.keys,
    expected((index) => index % 4 !== 0 && `u${index}`.startsWith('u1')),
  );
  assert.equal(others.looked, 111);
  assert.deepEqual(await all({ attributes: ['plan=none'] }), { keys: [], looked: 250 });
});

test('S9: a request looks at so many profiles, says so, and goes on from there', async (t) => {
  const control = await withUsers(MAX_LOOKED_AT + 50);
  t.after(() => control.stop());
  let cursor: string | undefined;
  let requests = 0;
  let looked = 0;
  do {
    const place = { limit: 10, ...(cursor === undefined ? {} : { cursor }) };
    const page = accepted(await control.profiles.list(byAdmin(), { ...place, attributes: ['plan=none'] }));
    assert.deepEqual([page.items, page.searched?.profiles], [[], MAX_LOOKED_AT + 50]);
    assert.ok(page.searched && page.searched.looked_at <= MAX_LOOKED_AT);
    looked += page.searched.looked_at;
    requests += 1;
    cursor = page.next;
  } while (cursor !== undefined);
  assert.equal(looked, MAX_LOOKED_AT + 50);
  assert.ok(requests >= 2);
});

test('S9: a search that cannot be one is refused where it stands', async (t) => {
  const control = await withUsers(3);
  t.after(() => control.stop());
  const list = (search: object) => control.profiles.list(byAdmin(), { limit: 1, ...search });
  const refusal = refused(await list({ when: { all: [{ segment: 'gone' }] } }), 'invalid', '/when/all/0/segment');
  assert.match(refusal.message, /^The search cannot be accepted/);
  refused(
    await list({ when: { attribute: 'a', operator: 'greater_than', values: ['x'] } }),
    'invalid',
    '/when/values/0',
  );
  refused(await list({ segments: ['pro', 'gone'] }), 'invalid', '/segments/1');
  refused(await list({ attributes: ['plan'] }), 'invalid', '/attributes/0');
  refused(await list({ when: { flag: 'a', variants: ['on'] } }), 'invalid');
  // A segment that is called as the search is does not stand in its way.
  accepted(await control.segments.create(byAdmin(), { key: 'search', when: { not: PRO } }));
  const found = accepted(await control.profiles.list(byAdmin(), { limit: 10, segments: ['search'] }));
  assert.deepEqual(
    found.items.map(({ key }) => key),
    ['u1', 'u2'],
  );
});

test('S9: a profile that cannot be one is refused by field, and an SDK key may not touch profiles', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const put = (key: string, attributes: Record<string, never>) => control.profiles.put(byAdmin(), { key, attributes });
  refused(await put('', {}), 'invalid', '/key');
  refused(await put('a\0b', {}), 'invalid', '/key');
  refused(await put('x'.repeat(201), {}), 'invalid', '/key');
  refused(await put('u', { targetingKey: 'other' } as never), 'invalid', '/attributes/targetingKey');
  refused(await put('u', { text: 'x'.repeat(32_768) } as never), 'invalid', '/attributes');
  refused(await put('u', JSON.parse('{"a":{"__proto__":1}}')), 'invalid', '/attributes/a/__proto__');
  for (const outcome of [
    await control.profiles.put(bySdk('production'), { key: 'u', attributes: {} }),
    await control.profiles.get(bySdk('production'), 'u'),
    await control.profiles.list(bySdk('production'), { limit: 1 }),
    await control.profiles.remove(bySdk('production'), 'u'),
    await control.profiles.upload(bySdk('production'), batches(1)),
  ]) {
    refused(outcome, 'forbidden');
  }
});

test('S6: a segment is counted exactly where all profiles are looked at, without any there is nothing to tell', async (t) => {
  const control = await withUsers(1_000);
  t.after(() => control.stop());
  const exact = { exact: true, confidence: 1, profiles: 1_000, sampled: 1_000 };
  assert.deepEqual(accepted(await control.segments.estimate(byAdmin(), 'pro')), {
    ...{ ...exact, share: 0.25, members: 250, low: 250, high: 250 },
  });
  const draft = { key: 'both', when: { all: [PRO, { segment: 'german' }] } } as const;
  assert.equal(accepted(await control.segments.estimateDraft(byAdmin(), draft)).members, 50);
  const list = { key: 'few', members: { keys: ['u1', 'u2', 'nobody'] } };
  assert.equal(accepted(await control.segments.estimateDraft(byAdmin(), list)).members, 2);
  const changed = { key: 'pro', when: { not: PRO } };
  assert.equal(accepted(await control.segments.estimateDraft(byAdmin(), changed)).members, 750);
  refused(await control.segments.estimateDraft(byAdmin(), { key: 'a', parents: ['gone'] }), 'invalid', '/parents/0');
  refused(await control.segments.estimate(byAdmin(), 'gone'), 'not_found');
  const empty = await withUsers(0);
  t.after(() => empty.stop());
  assert.deepEqual(accepted(await empty.segments.estimate(byAdmin(), 'pro')), {
    ...{ ...exact, profiles: 0, sampled: 0, share: 0, members: 0, low: 0, high: 0 },
  });
});

test('S6: of many profiles a sample is looked at, and the interval holds what is so', async (t) => {
  const control = await withUsers(30_000);
  t.after(() => control.stop());
  const estimate = accepted(await control.segments.estimate(byAdmin(), 'pro'));
  const { profiles, sampled, exact, confidence, low, high, members } = estimate;
  assert.deepEqual([profiles, sampled, exact, confidence], [30_000, 10_000, false, 0.95]);
  assert.ok(low < members && members < high && high - low < 600, JSON.stringify(estimate));
  // The sample goes by the keys alone, so this is the same on every run.
  assert.ok(low <= 7_500 && 7_500 <= high, JSON.stringify(estimate));
});

test('S7: the overlap is told per pair and combination, and what cannot be asked is refused', async (t) => {
  const control = await withUsers(1_000);
  t.after(() => control.stop());
  const overlap = accepted(await control.segments.overlap(byAdmin(), ['pro', 'german', 'pro']));
  assert.deepEqual(overlap.pairs, [
    { segments: ['pro', 'german'], count: 50, percentage: 5, percentage_of_each: [20, 50] },
  ]);
  assert.deepEqual(
    overlap.combinations.map(({ segments, count }) => [segments.join('+'), count]),
    [
      ['pro', 200],
      ['german', 50],
      ['pro+german', 50],
    ],
  );
  assert.deepEqual([overlap.none, overlap.profiles, overlap.sampled], [700, 1_000, 1_000]);
  refused(await control.segments.overlap(byAdmin(), ['pro']), 'invalid', '/segments');
  refused(await control.segments.overlap(byAdmin(), ['pro', 'gone']), 'invalid', '/segments');
  refused(await control.segments.overlap(byAdmin(), 'abcdefghi'.split('')), 'invalid', '/segments');
});

test('profiles are there after a restart', async (t) => {
  const store = createTestStore();
  const before = await startControl({ store });
  accepted(await before.profiles.put(byAdmin(), { key: 'u', attributes: { n: 1 } }));
  await before.stop();
  const after = await startControl({ store });
  t.after(() => after.stop());
  assert.deepEqual(accepted(await after.profiles.get(byAdmin(), 'u')).attributes, { n: 1 });
});
