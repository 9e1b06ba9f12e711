import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryStore } from '../../testing/on-every-store.ts';
import { accepted, byAdmin, bySdk, createTestStore, refused, startControl } from '../../testing/start-control.ts';
import type { Call } from '../call.ts';
import type { Control } from '../control.ts';

const BETA = { attribute: 'beta', operator: 'equals', values: [true] } as const;

async function valueFor(control: Control, flag: string, context: Record<string, unknown>) {
  const answer = await control.evaluation.one(bySdk('production'), flag, { targetingKey: 'u', ...context } as never);
  return accepted(answer).value;
}

const forSegment = (key: string, segment: string) => ({
  key,
  environments: {
    production: {
      enabled: true,
      rules: [{ when: { segment }, serve: { variant: 'on' } }],
      fallthrough: { variant: 'off' },
    },
  },
});

onEveryStore('S1: a segment is created, read, changed, listed and deleted with its version', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const created = accepted(await control.segments.create(byAdmin(), { key: 'beta', when: BETA, name: 'Testers' }));
  assert.deepEqual([created.version, created.type], [1, 'rule_based']);
  refused(await control.segments.create(byAdmin(), { key: 'beta', when: BETA }), 'exists', '/key');
  const replaced = accepted(
    await control.segments.replace(byAdmin({ expected_version: 1 }), 'beta', { key: 'beta', when: { not: BETA } }),
  );
  assert.equal(replaced.version, 2);
  refused(
    await control.segments.replace(byAdmin({ expected_version: 1 }), 'beta', { key: 'beta', when: BETA }),
    'stale',
  );
  refused(await control.segments.replace(byAdmin(), 'beta', { key: 'other', when: BETA }), 'invalid', '/key');
  accepted(await control.segments.create(byAdmin(), { key: 'alpha', when: BETA, tags: ['early'] }));
  const keys = async (search?: string) => {
    const page = { limit: 10, ...(search === undefined ? {} : { search }) };
    return accepted(await control.segments.list(byAdmin(), page)).items.map(({ key }) => key);
  };
  assert.deepEqual([await keys(), await keys('EARLY')], [['alpha', 'beta'], ['alpha']]);
  const first = accepted(await control.segments.list(byAdmin(), { limit: 1 }));
  const second = accepted(await control.segments.list(byAdmin(), { limit: 1, cursor: first.next ?? '' }));
  const found = accepted(await control.segments.list(byAdmin(), { limit: 1, search: 'alpha' }));
  assert.deepEqual([first.total, second.total, found.total], [2, 2, 1]);
  accepted(await control.segments.remove(byAdmin(), 'beta'));
  refused(await control.segments.get(byAdmin(), 'beta'), 'not_found');
  refused(await control.segments.remove(byAdmin(), 'beta'), 'not_found');
});

onEveryStore('S2: a flag asks for a segment, and follows when the segment changes', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  refused(await control.flags.create(byAdmin(), forSegment('checkout', 'beta')), 'invalid');
  accepted(await control.segments.create(byAdmin(), { key: 'beta', when: BETA }));
  accepted(
    await control.segments.create(byAdmin(), {
      key: 'staff',
      when: { attribute: 'staff', operator: 'exists', values: [] },
    }),
  );
  accepted(
    await control.segments.create(byAdmin(), { key: 'testers', parents: ['beta'], exclusions: ['staff'], priority: 2 }),
  );
  accepted(await control.flags.create(byAdmin(), forSegment('checkout', 'testers')));
  assert.equal(await valueFor(control, 'checkout', { beta: true }), true);
  assert.equal(await valueFor(control, 'checkout', { beta: true, staff: 1 }), false);
  accepted(await control.segments.replace(byAdmin(), 'beta', { key: 'beta', when: { not: BETA } }));
  assert.deepEqual(
    [await valueFor(control, 'checkout', { beta: true }), await valueFor(control, 'checkout', {})],
    [false, true],
  );
  const { snapshot } = accepted(await control.snapshots.current(bySdk('production')));
  assert.deepEqual(snapshot.segments.testers, {
    ...{ key: 'testers', version: 1, when: { all: [] }, parents: ['beta'], exclusions: ['staff'], priority: 2 },
  });
});

onEveryStore(
  'S2: a segment in use cannot be deleted, and the refusal names everything that uses it',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    accepted(await control.segments.create(byAdmin(), { key: 'beta', when: BETA }));
    accepted(await control.segments.create(byAdmin(), { key: 'both', parents: ['beta'] }));
    accepted(await control.flags.create(byAdmin(), forSegment('checkout', 'beta')));
    accepted(await control.switches.create(byAdmin(), { key: 'stop', scope: 'user_segment', affects: ['beta'] }));
    const uses = { flags: ['checkout'], segments: ['both'], switches: ['stop'] };
    assert.deepEqual(refused(await control.segments.remove(byAdmin(), 'beta'), 'in_use').details, uses);
    assert.deepEqual(accepted(await control.segments.dependents(byAdmin(), 'beta')), uses);
    accepted(await control.flags.archive(byAdmin(), 'checkout'));
    accepted(await control.switches.remove(byAdmin(), 'stop'));
    accepted(await control.segments.remove(byAdmin(), 'both'));
    accepted(await control.segments.remove(byAdmin(), 'beta'));
  },
);

onEveryStore(
  'K2: a switch of scope user_segment turns flags off for its members alone, and must name segments there are',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const scope = { scope: 'user_segment', affects: ['beta'] } as const;
    refused(await control.switches.activate(byAdmin(), 'stop', scope), 'invalid', '/affects/0');
    refused(await control.switches.create(byAdmin(), { key: 'stop', scope: 'user_segment' }), 'invalid', '/affects');
    accepted(await control.segments.create(byAdmin(), { key: 'beta', when: BETA }));
    accepted(await control.flags.create(byAdmin(), { key: 'pay', environments: { production: { enabled: true } } }));
    accepted(await control.switches.activate(byAdmin(), 'stop', scope));
    assert.deepEqual(
      [await valueFor(control, 'pay', { beta: true }), await valueFor(control, 'pay', {})],
      [false, true],
    );
  },
);

onEveryStore(
  'a change of a segment that something uses wants a reason where an environment is protected; others do not',
  async (t, store) => {
    const control = await startControl({ store });
    t.after(() => control.stop());
    const silently: Call = { principal: byAdmin().principal };
    accepted(await control.segments.create(silently, { key: 'beta', when: BETA }));
    accepted(await control.segments.replace(silently, 'beta', { key: 'beta', when: { not: BETA } }));
    accepted(await control.flags.create(byAdmin(), forSegment('checkout', 'beta')));
    refused(await control.segments.replace(silently, 'beta', { key: 'beta', when: BETA }), 'invalid', '/reason');
    accepted(
      await control.segments.replace(silently, 'beta', { key: 'beta', when: { not: BETA }, description: 'testers' }),
    );
  },
);

onEveryStore('S2: of two changes made at once that would close a cycle together, one is refused', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  accepted(await control.segments.create(byAdmin(), { key: 'a', when: BETA }));
  accepted(await control.segments.create(byAdmin(), { key: 'b', when: BETA }));
  const outcomes = await Promise.all([
    control.segments.replace(byAdmin(), 'a', { key: 'a', parents: ['b'] }),
    control.segments.replace(byAdmin(), 'b', { key: 'b', parents: ['a'] }),
  ]);
  assert.deepEqual(outcomes.map(({ ok }) => ok).sort(), [false, true]);
});

test('a second replica knows a segment that was just made, and everyone knows it after a restart', async (t) => {
  const store = createTestStore();
  const [one, other] = await Promise.all([startControl({ store }), startControl({ store })]);
  t.after(() => Promise.all([one.stop(), other.stop()]));
  accepted(await one.segments.create(byAdmin(), { key: 'beta', when: BETA }));
  accepted(await other.flags.create(byAdmin(), forSegment('checkout', 'beta')));
  accepted(await one.segments.create(byAdmin(), { key: 'newer', when: BETA }));
  accepted(await other.segments.create(byAdmin(), { key: 'both', parents: ['newer', 'beta'] }));
  const restarted = await startControl({ store });
  t.after(() => restarted.stop());
  assert.equal(await valueFor(restarted, 'checkout', { beta: true }), true);
  const text = async (control: Control) => accepted(await control.snapshots.current(bySdk('production'))).text;
  assert.equal(await text(restarted), await text(other));
});

onEveryStore('an SDK key may not touch segments', async (t, store) => {
  const control = await startControl({ store });
  t.after(() => control.stop());
  const call = bySdk('production');
  for (const outcome of [
    await control.segments.list(call, { limit: 1 }),
    await control.segments.get(call, 'a'),
    await control.segments.create(call, { key: 'a', when: BETA }),
    await control.segments.replace(call, 'a', { key: 'a', when: BETA }),
    await control.segments.remove(call, 'a'),
    await control.segments.dependents(call, 'a'),
  ]) {
    refused(outcome, 'forbidden');
  }
});
