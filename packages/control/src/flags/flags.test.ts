import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, createTestStore, refused, startControl } from '../../testing/start-control.ts';

onEveryStore('F1: a flag is created, read, changed and listed with its version', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const created = accepted(await control.flags.create(byAdmin(), { key: 'checkout', tags: ['shop'] }));
  assert.equal(created.version, 1);
  const changed = accepted(await control.flags.updateEnvironment(byAdmin(), 'checkout', 'staging', { enabled: true }));
  assert.equal(changed.version, 2);
  assert.deepEqual(accepted(await control.flags.get(byAdmin(), 'checkout')), changed);
  const { items, total } = accepted(await control.flags.list(byAdmin(), { limit: 10 }));
  assert.deepEqual([items, total], [[{ ...changed, stale: null }], 1]);
  refused(await control.flags.get(byAdmin(), 'constructor'), 'not_found');
});

onEveryStore(
  'a stale write is refused with both versions, and without a version the write is made on what is current',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    accepted(await control.flags.create(byAdmin(), { key: 'checkout' }));
    accepted(await control.flags.replace(byAdmin(), 'checkout', { key: 'checkout', description: 'one' }));
    const refusal = refused(
      await control.flags.replace(byAdmin({ expected_version: 1 }), 'checkout', { key: 'checkout' }),
      'stale',
    );
    assert.deepEqual(refusal.details, { expected_version: 1, actual_version: 2 });
    accepted(await control.flags.replace(byAdmin({ expected_version: 2 }), 'checkout', { key: 'checkout' }));
  },
);

onEveryStore('a change that changes nothing makes no version and no entry', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const input = { key: 'same', environments: { production: { enabled: true } }, tags: ['b', 'a'] };
  const created = accepted(await control.flags.create(byAdmin(), input));
  // Nothing is felt, so that nobody has to say why.
  const silent = { principal: byAdmin().principal };
  const kept = accepted(await control.flags.replace(silent, 'same', input));
  assert.deepEqual(kept, { ...created, unchanged: true });
  const on = accepted(await control.flags.updateEnvironment(silent, 'same', 'production', { enabled: true }));
  assert.deepEqual(on, kept);
  refused(await control.flags.replace(byAdmin({ expected_version: 7 }), 'same', input), 'stale');
  const segment = { key: 'beta', when: { attribute: 'beta', operator: 'equals', values: [true] } } as const;
  accepted(await control.segments.create(byAdmin(), segment));
  assert.equal(accepted(await control.segments.replace(byAdmin(), 'beta', segment)).unchanged, true);
  const service = { path_prefix: '/shop', sticky: { cookie: 'seat' } } as const;
  const put = accepted(await control.services.put(byAdmin(), 'production', 'shop', service));
  assert.deepEqual(accepted(await control.services.put(byAdmin(), 'production', 'shop', service)), {
    ...put,
    unchanged: true,
  });
  const archived = accepted(await control.flags.archive(byAdmin(), 'same'));
  assert.deepEqual(accepted(await control.flags.archive(byAdmin(), 'same')), { ...archived, unchanged: true });
  const { items } = accepted(await control.audit.list(byAdmin(), { limit: 50 }));
  const made = items.filter(({ noun }) => noun !== 'environments').map(({ action }) => action);
  assert.deepEqual(made.toReversed(), ['flag.created', 'segment.created', 'service.created', 'flag.archived']);
});

onEveryStore(
  'turned off where nobody has spoken of it, a flag is as it was; what is said of it there is kept',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const created = accepted(await control.flags.create(byAdmin(), { key: 'quiet' }));
    const update = (state: object, version?: number) =>
      control.flags.updateEnvironment(
        byAdmin(version === undefined ? {} : { expected_version: version }),
        'quiet',
        'staging',
        state,
      );
    assert.deepEqual(accepted(await update({ enabled: false })), { ...created, unchanged: true });
    refused(await update({ enabled: false }, 7), 'stale');
    const split = accepted(await update({ percentage: 5 }));
    assert.deepEqual([split.version, split.environments.staging?.enabled], [2, false]);
    assert.equal(accepted(await update({ enabled: false })).unchanged, true);
  },
);

onEveryStore(
  'the same request sent many times at once, with one idempotency key, is carried out once and answered alike',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const call = byAdmin({ idempotency_key: 'once' });
    const created = await Promise.all(Array.from({ length: 30 }, () => control.flags.create(call, { key: 'once' })));
    for (const outcome of created) assert.deepEqual(accepted(outcome), accepted(created[0] ?? outcome));
    const change = byAdmin({ idempotency_key: 'twice', expected_version: 1 });
    const changed = await Promise.all(
      Array.from({ length: 30 }, () => control.flags.updateEnvironment(change, 'once', 'staging', { enabled: true })),
    );
    for (const outcome of changed) assert.equal(accepted(outcome).version, 2);
  },
);

onEveryStore(
  'two hundred changes of one flag at once: all are made, or, with a version, exactly one',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    accepted(await control.flags.create(byAdmin(), { key: 'busy' }));
    const all = (expected?: number) =>
      Promise.all(
        Array.from({ length: 200 }, (_, percentage) =>
          control.flags.updateEnvironment(
            byAdmin(expected === undefined ? {} : { expected_version: expected }),
            'busy',
            'staging',
            { percentage: percentage / 2 },
          ),
        ),
      );
    const versions = (await all()).map((outcome) => accepted(outcome).version).sort((a, b) => a - b);
    assert.deepEqual(
      versions,
      Array.from({ length: 200 }, (_, index) => index + 2),
    );
    const raced = await all(201);
    assert.equal(raced.filter(({ ok }) => ok).length, 1);
    for (const outcome of raced) {
      if (!outcome.ok) assert.deepEqual(outcome.refusal.details, { expected_version: 201, actual_version: 202 });
    }
  },
);

onEveryStore('changes made at once to different environments of one flag are all kept', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'checkout' }));
  const names = ['development', 'staging', 'production'];
  await Promise.all(
    names.map(async (name) =>
      accepted(await control.flags.updateEnvironment(byAdmin(), 'checkout', name, { enabled: true })),
    ),
  );
  const flag = accepted(await control.flags.get(byAdmin(), 'checkout'));
  assert.deepEqual(Object.keys(flag.environments).sort(), names.toSorted());
  assert.equal(flag.version, 4);
});

test('an idempotency key answers a repeated request as the first, and refuses a different one', async (t) => {
  const store = createTestStore();
  const control = await startControl({ store });
  t.after(() => control.stop());
  const once = byAdmin({ idempotency_key: 'request-1' });
  const first = accepted(await control.flags.create(once, { key: 'checkout', description: 'one' }));
  const before = await store.head('default');
  const again = accepted(await control.flags.create(once, { key: 'checkout', description: 'one' }));
  assert.deepEqual(again, first);
  assert.deepEqual(await store.head('default'), before);
  refused(await control.flags.create(once, { key: 'checkout', description: 'two' }), 'conflict');
  refused(await control.flags.archive(once, 'checkout'), 'conflict');
  const removal = byAdmin({ idempotency_key: 'request-2' });
  accepted(await control.flags.remove(removal, 'checkout'));
  accepted(await control.flags.remove(removal, 'checkout'));
  refused(await control.flags.create(byAdmin({ idempotency_key: 'a\nb' }), { key: 'other' }), 'invalid');
});

onEveryStore('a protected environment wants a reason for what is felt there, and only for that', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const silent = byAdmin({ reason: '  ' });
  accepted(await control.flags.create(silent, { key: 'a', environments: { staging: { enabled: true } } }));
  accepted(await control.flags.create(silent, { key: 'b', environments: { production: { enabled: false } } }));
  accepted(await control.flags.updateEnvironment(silent, 'a', 'staging', { percentage: 5 }));
  accepted(await control.flags.replace(silent, 'b', { key: 'b', description: 'words', services: ['shop'] }));
  const inProduction = { key: 'c', environments: { production: { enabled: true } } };
  refused(await control.flags.create(silent, inProduction), 'invalid', '/reason');
  refused(await control.flags.updateEnvironment(silent, 'a', 'production', { enabled: true }), 'invalid', '/reason');
  accepted(await control.flags.create(byAdmin(), inProduction));
  refused(await control.flags.replace(silent, 'c', { key: 'c' }), 'invalid', '/reason');
  refused(await control.flags.archive(silent, 'c'), 'invalid', '/reason');
  accepted(await control.flags.archive(silent, 'a'));
  accepted(await control.flags.archive(byAdmin(), 'c'));
});

onEveryStore(
  'F2: a kind prepares the flag in every environment; nobody feels it before it is on, so nobody is asked why',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const silent = byAdmin({ reason: ' ' });
    const split = [
      { variant: 'on', percentage: 10 },
      { variant: 'off', percentage: 90 },
    ];
    const made = accepted(await control.flags.create(silent, { key: 'some', kind: 'percentage' }));
    assert.deepEqual(Object.keys(made.environments).toSorted(), ['development', 'production', 'staging']);
    for (const state of Object.values(made.environments)) {
      assert.deepEqual([state.enabled, state.fallthrough], [false, { split }]);
    }
    assert.deepEqual(accepted(await control.flags.get(byAdmin(), 'some')), made);
    refused(
      await control.flags.updateEnvironment(silent, 'some', 'production', { enabled: true }),
      'invalid',
      '/reason',
    );
    const on = { key: 'on', kind: 'percentage', environments: { production: { enabled: true } } } as const;
    refused(await control.flags.create(silent, on), 'invalid', '/reason');
    const other = { production: { off_variant: 'on' } };
    refused(await control.flags.create(silent, { key: 'other', environments: other }), 'invalid', '/reason');
    // Later on the kind is a word: the state is what was made of it since.
    const { version: _version, lifecycle: _lifecycle, ...input } = made;
    const kept = accepted(await control.flags.replace(byAdmin(), 'some', { ...input, kind: 'user_list' }));
    assert.deepEqual(kept.environments, made.environments);
  },
);

test('F7: unknown environments are named, and one that another replica has just made is found', async (t) => {
  const store = createTestStore();
  const one = await startControl({ store });
  const other = await startControl({ store });
  t.after(() => Promise.all([one.stop(), other.stop()]));
  accepted(await one.flags.create(byAdmin(), { key: 'a' }));
  const refusal = refused(await one.flags.updateEnvironment(byAdmin(), 'a', 'prod', { enabled: true }), 'not_found');
  assert.match(refusal.message, /development, production, staging|development, staging, production/);
  refused(await one.flags.create(byAdmin(), { key: 'b', environments: { prod: {} } }), 'invalid', '/environments/prod');
  accepted(await other.environments.create(byAdmin(), { key: 'prod', description: '', protected: false }));
  accepted(await one.flags.updateEnvironment(byAdmin(), 'a', 'prod', { enabled: true }));
});

onEveryStore(
  'a flag that is on somewhere is archived before it is deleted; replacing an archived flag brings it back',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true } } }));
    const refusal = refused(await control.flags.remove(byAdmin(), 'a'), 'in_use');
    assert.deepEqual(refusal.details, { environments: ['staging'] });
    const archived = accepted(await control.flags.archive(byAdmin(), 'a'));
    assert.equal(archived.lifecycle, 'archived');
    assert.deepEqual(accepted(await control.flags.archive(byAdmin(), 'a')), { ...archived, unchanged: true });
    refused(await control.flags.updateEnvironment(byAdmin(), 'a', 'staging', { enabled: false }), 'conflict');
    refused(await control.flags.create(byAdmin(), { key: 'a' }), 'exists', '/key');
    assert.equal(accepted(await control.flags.replace(byAdmin(), 'a', { key: 'a' })).lifecycle, 'active');
    accepted(await control.flags.remove(byAdmin(), 'a'));
    refused(await control.flags.get(byAdmin(), 'a'), 'not_found');
    refused(await control.flags.replace(byAdmin(), 'a', { key: 'b' }), 'invalid', '/key');
  },
);

onEveryStore(
  'lists are searched in key, description and tags, and paged by a cursor of their own',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    for (let index = 0; index < 25; index += 1) {
      const key = `flag-${String(index).padStart(2, '0')}`;
      const description = index % 5 === 0 ? 'Checkout, the NEW one' : '';
      accepted(await control.flags.create(byAdmin(), { key, description, tags: index === 7 ? ['checkout'] : [] }));
    }
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      const page = accepted(
        await control.flags.list(byAdmin(), { limit: 4, search: ' checkout', ...(cursor ? { cursor } : {}) }),
      );
      assert.ok(page.items.length <= 4);
      keys.push(...page.items.map(({ key }) => key));
      cursor = page.next;
    } while (cursor !== undefined);
    assert.deepEqual(keys, ['flag-00', 'flag-05', 'flag-07', 'flag-10', 'flag-15', 'flag-20']);
    accepted(await control.flags.archive(byAdmin(), 'flag-05'));
    const active = accepted(await control.flags.list(byAdmin(), { limit: 9, search: 'new', lifecycle: 'active' }));
    assert.equal(active.items.length, 4);
    const first = accepted(await control.flags.list(byAdmin(), { limit: 1 }));
    assert.ok(first.next);
    refused(await control.switches.list(byAdmin(), { limit: 1, cursor: first.next }), 'invalid', '/cursor');
    refused(await control.flags.list(byAdmin(), { limit: 1, cursor: '; drop table' }), 'invalid', '/cursor');
  },
);

onEveryStore('an SDK key may change and list nothing', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const call = bySdk('production');
  const answers = await Promise.all([
    control.flags.list(call, { limit: 1 }),
    control.flags.get(call, 'a'),
    control.flags.create(call, { key: 'a' }),
    control.flags.replace(call, 'a', { key: 'a' }),
    control.flags.updateEnvironment(call, 'a', 'production', {}),
    control.flags.archive(call, 'a'),
    control.flags.remove(call, 'a'),
    control.switches.activate(call, 'a', { scope: 'global' }),
    control.switches.release(call, 'a'),
    control.services.put(call, 'production', 'a', { path_prefix: '/', sticky: { cookie: 'c' } }),
    control.environments.create(call, { key: 'a', description: '', protected: false }),
    control.access.issue(call, { name: 'a', kind: 'admin' }),
    control.access.list(call, { limit: 1 }),
    control.access.revoke(call, 'a'),
    control.audit.list(call, { limit: 1 }),
    control.audit.verify(call),
    control.audit.subscribe(call, undefined, () => {}),
  ]);
  for (const answer of answers) refused(answer, 'forbidden');
});

onEveryStore('a flag too large to keep is refused with a remedy', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const keys = Array.from({ length: 10_000 }, (_, index) => `${'ü'.repeat(100)}${index}`);
  const input = { key: 'a', environments: { staging: { targets: [{ variant: 'on', keys }] } } };
  refused(await control.flags.create(byAdmin(), input), 'too_large');
});

test('a write that the store does not confirm is refused as such, and repeating it with its key carries it out once', async (t) => {
  const store = createTestStore();
  let broken = true;
  const control = await startControl({
    store: {
      ...store,
      async commit(commit) {
        const outcome = await store.commit(commit);
        if (broken && outcome.is === 'committed' && commit.actor !== 'system') throw new Error('connection lost');
        return outcome;
      },
    },
  });
  t.after(() => control.stop());
  const call = byAdmin({ idempotency_key: 'once' });
  const refusal = refused(await control.flags.create(call, { key: 'a' }), 'unavailable');
  assert.match(refusal.message, /may or may not/);
  assert.match(refusal.message, /`spillway audit list --noun flags --key a`/);
  broken = false;
  assert.equal(accepted(await control.flags.create(call, { key: 'a' })).version, 1);
  const entries = await store.entries('default', { noun: 'flags', limit: 10 });
  assert.equal(entries.length, 1);
});
