import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store, StoredEvent } from '@spillway/control/ports';

/** What every store promises of events. */
export function eventTests(store: () => Store, newProject: () => string): void {
  const event = (id: string, more: Partial<StoredEvent> = {}): StoredEvent => ({
    ...{ environment: 'production', id, type: 'user_action', at_ms: 5, received_ms: 10, source: 'sdk' },
    ...{ name: 'bought', flag: null, variant: null, user: 'u1', body: { value: 1.5, details: { 'ключ 🙂': [null] } } },
    ...more,
  });
  const ids = (events: readonly StoredEvent[]) => events.map(({ id }) => id);

  test('an event is stored once whatever often it is sent, and the first word stands', async () => {
    const project = newProject();
    const { add, page } = store().events;
    assert.equal(await add(project, [event('a'), event('b'), event('a', { name: 'other' })]), 2);
    assert.equal(await add(project, [event('b', { name: 'other' }), event('c')]), 1);
    assert.equal(await add(project, [event('a', { environment: 'staging' })]), 1);
    assert.equal(await add(project, []), 0);
    const found = await page(project, { environment: 'production', limit: 9 });
    assert.deepEqual(found, [event('c'), event('b'), event('a')]);
    assert.deepEqual(await page(newProject(), { limit: 9 }), []);
  });

  test('F18: the configuration of an exposure is kept as it was told, and an event without one stays without', async () => {
    const project = newProject();
    const { add, page } = store().events;
    const met = (id: string, body: StoredEvent['body']) =>
      event(id, { type: 'flag_evaluated', name: null, flag: 'f', variant: 'on', body });
    const told = [
      met('a', { value: null }),
      met('b', { value: null, configuration: 0 }),
      met('c', { value: null, configuration: Number.MAX_SAFE_INTEGER }),
    ];
    assert.equal(await add(project, told), 3);
    assert.equal(await add(project, [met('c', { value: null, configuration: 8 })]), 0);
    assert.deepEqual(await page(project, { flag: 'f', limit: 9 }), told.toReversed());
  });

  test('the same events at the same moment from many are stored once', async () => {
    const project = newProject();
    const many = Array.from({ length: 40 }, (_, index) => event(`e${index}`));
    const fresh = await Promise.all(
      [many, many.toReversed(), many, many.slice(7)].map((each) => store().events.add(project, each)),
    );
    assert.equal(
      fresh.reduce((sum, count) => sum + count, 0),
      40,
    );
  });

  test('pages go from the last received to the first, without gaps and repetitions, narrowed by what is asked', async () => {
    const project = newProject();
    const { add, page } = store().events;
    await add(project, [
      event('a', { received_ms: 1 }),
      event('b', { received_ms: 2, type: 'flag_evaluated', name: null, flag: 'f', variant: 'on' }),
      event('c', { received_ms: 2, user: null, name: 'seen' }),
      event('d', { received_ms: 2, environment: 'staging', user: 'u2' }),
      event('e', { received_ms: 3, type: 'error_occurred' }),
    ]);
    const all: string[] = [];
    for (let before: { received_ms: number; id: string } | undefined; ; ) {
      const found: readonly StoredEvent[] = await page(project, { limit: 2, ...(before && { before }) });
      all.push(...ids(found));
      const last = found.at(-1);
      if (last === undefined) break;
      before = { received_ms: last.received_ms, id: last.id };
    }
    assert.deepEqual(all, ['e', 'd', 'c', 'b', 'a']);
    const asked = async (filter: object) => ids(await page(project, { limit: 9, ...filter }));
    assert.deepEqual(await asked({ environment: 'staging' }), ['d']);
    assert.deepEqual(await asked({ type: 'flag_evaluated' }), ['b']);
    assert.deepEqual(await asked({ flag: 'f' }), ['b']);
    assert.deepEqual(await asked({ name: 'seen' }), ['c']);
    assert.deepEqual(await asked({ user: 'u2' }), ['d']);
    assert.deepEqual(await asked({ from_ms: 2, to_ms: 3 }), ['d', 'c', 'b']);
  });

  test('exposures of a flag are counted by environment and variant, users once each', async () => {
    const project = newProject();
    const { add, exposures } = store().events;
    const met = (id: string, variant: string | null, user: string | null, more: Partial<StoredEvent> = {}) =>
      event(id, { type: 'flag_evaluated', name: null, flag: 'f', variant, user, ...more });
    await add(project, [
      ...[
        met('a', 'on', 'u1'),
        met('b', 'on', 'u1'),
        met('c', 'on', 'u2'),
        met('d', 'off', null),
        met('e', null, 'u3'),
      ],
      ...[met('f', 'on', 'u9', { environment: 'staging' }), met('g', 'on', 'u8', { received_ms: 9 })],
      ...[met('h', 'on', 'u7', { flag: 'g' }), event('i', { flag: 'f', variant: 'on' })],
    ]);
    assert.deepEqual(await exposures(project, 'f', 10), [
      { environment: 'production', variant: null, events: 1, users: 1 },
      { environment: 'production', variant: 'off', events: 1, users: 0 },
      { environment: 'production', variant: 'on', events: 3, users: 2 },
      { environment: 'staging', variant: 'on', events: 1, users: 1 },
    ]);
  });

  test('what is old is forgotten, and the oldest of too many', async () => {
    const project = newProject();
    const { add, page, forget } = store().events;
    await add(
      project,
      [1, 2, 3, 4, 5].map((received_ms) => event(`e${received_ms}`, { received_ms })),
    );
    await forget(project, { before_ms: 2, most: 9 });
    assert.deepEqual(ids(await page(project, { limit: 9 })), ['e5', 'e4', 'e3', 'e2']);
    await forget(project, { before_ms: 0, most: 2 });
    assert.deepEqual(ids(await page(project, { limit: 9 })), ['e5', 'e4']);
  });
}
