import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, evaluate, type Snapshot } from '@spillway/evaluator';
import { defineFlag } from './definition.ts';
import type { Flag, FlagServe } from './flag.ts';
import { normaliseFlag } from './normalise.ts';
import { around, fieldsOf, inProduction, normalised, problems } from './testing/normalising.ts';

const FROM = '2026-03-01T09:00:00Z';
const NOON = '2026-03-01T12:00:00Z';
const LATER = '2026-03-01T13:00:00+01:00';

function snapshotOf(...flags: readonly Flag[]): Snapshot {
  const find = (key: string | undefined) => flags.find((flag) => flag.key === key);
  return {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'production',
    number: 1,
    flags: Object.fromEntries(
      flags.flatMap((flag) => {
        const definition = defineFlag(flag, 1, 'production', find(flag.parent));
        return definition === undefined ? [] : [[flag.key, definition]];
      }),
    ),
    segments: {},
    switches: {},
  };
}

function ask(snapshot: Snapshot, flag: string, at = FROM, context = {}) {
  return evaluate(compile(snapshot), flag, { targetingKey: 'ann', ...context }, Date.parse(at), null);
}

const serving = (fallthrough: FlagServe, more = {}) => inProduction({ enabled: true, fallthrough }, more);

test('F3: a rule may serve a value that is none of the variants, of the type of the flag', () => {
  const input = serving({ value: 7 }, { variants: [{ name: 'low', value: 1 }] });
  const { value, variant, reason } = ask(snapshotOf(normalised(input)), 'checkout');
  assert.deepEqual([value, variant, reason], [7, undefined, 'STATIC']);
  assert.deepEqual(fieldsOf(serving({ value: 'seven' }, { variants: [{ name: 'low', value: 1 }] })), [
    '/environments/production/fallthrough/value',
  ]);
});

test('F5: stages and ramps are kept as they were written and evaluated by their instants', () => {
  const staged = normalised(
    serving({
      stages: { variant: 'on', otherwise: 'off', steps: [{ from: NOON, percentage: 100 }] },
    }),
  );
  assert.equal(ask(snapshotOf(staged), 'checkout', '2026-03-01T11:59:59.999Z').value, false);
  assert.equal(ask(snapshotOf(staged), 'checkout', NOON).value, true);
  const ramped = normalised(
    serving({
      ramp: { variant: 'on', otherwise: 'off', from: FROM, to: NOON, from_percentage: 0, to_percentage: 100 },
    }),
  );
  assert.equal(ask(snapshotOf(ramped), 'checkout', FROM).value, false);
  assert.equal(ask(snapshotOf(ramped), 'checkout', NOON).value, true);
  assert.deepEqual(ramped.environments.production?.fallthrough, {
    ramp: { variant: 'on', otherwise: 'off', from: FROM, to: NOON, from_percentage: 0, to_percentage: 100 },
  });
});

test('F5: stages out of order, without steps, with unreadable times or a missing variant are refused by name', () => {
  const stages = (steps: readonly object[], more = {}) =>
    fieldsOf(serving({ stages: { variant: 'on', otherwise: 'off', steps, ...more } } as FlagServe));
  const base = '/environments/production/fallthrough/stages';
  assert.deepEqual(stages([]), [`${base}/steps`]);
  assert.deepEqual(
    stages([
      { from: LATER, percentage: 1 },
      { from: FROM, percentage: 2 },
    ]),
    [`${base}/steps/1/from`],
  );
  for (const from of ['tomorrow', '2026-02-30T00:00:00Z', 1_800_000_000_000, null]) {
    assert.deepEqual(stages([{ from, percentage: 1 }]), [`${base}/steps/0/from`], String(from));
  }
  assert.deepEqual(stages([{ from: FROM, percentage: 101 }]), [`${base}/steps/0/percentage`]);
  assert.deepEqual(stages([{ from: FROM, percentage: 1 }], { variant: undefined }), [`${base}/variant`]);
  assert.deepEqual(stages([{ from: FROM, percentage: 1 }], { otherwise: 'on' }), [`${base}/otherwise`]);
  const tooMany = Array.from({ length: 101 }, () => ({ from: FROM, percentage: 1 }));
  assert.deepEqual(stages(tooMany), [`${base}/steps`]);
  assert.deepEqual(stages([{ from: FROM, split: [{ variant: 'on', percentage: 99 }] }]), [`${base}/steps/0/split`]);
});

test('F5: a ramp that ends before it begins, or at the same instant, is refused with the remedy', () => {
  const ramp = { variant: 'on', otherwise: 'off', from_percentage: 0, to_percentage: 50 };
  const field = '/environments/production/fallthrough/ramp/to';
  assert.deepEqual(fieldsOf(serving({ ramp: { ...ramp, from: NOON, to: FROM } })), [field]);
  assert.deepEqual(fieldsOf(serving({ ramp: { ...ramp, from: NOON, to: LATER } })), [field]);
  assert.deepEqual(fieldsOf(serving({ ramp: { ...ramp, from: FROM, to: NOON, to_percentage: 0.0001 } })), [
    '/environments/production/fallthrough/ramp/to_percentage',
  ]);
});

test('F4: a rule may bucket by another attribute and seed, and a target may be looked up by another attribute', () => {
  const flag = normalised(
    inProduction({
      enabled: true,
      fallthrough: { variant: 'off' },
      targets: [{ variant: 'on', keys: ['acme'], by: 'organisation', path: ['key'] }],
      rules: [
        {
          id: 'by-team',
          when: { attribute: 'plan', operator: 'equals', values: ['PRO'], ignore_case: true },
          serve: { split: [{ variant: 'on', percentage: 100 }] },
          bucketing: { by: 'team', path: ['id'], seed: 'shared' },
        },
      ],
    }),
  );
  const snapshot = snapshotOf(flag);
  assert.equal(ask(snapshot, 'checkout', FROM, { organisation: { key: 'acme' } }).value, true);
  assert.equal(ask(snapshot, 'checkout', FROM, { organisation: { key: 'other' } }).value, false);
  assert.equal(ask(snapshot, 'checkout', FROM, { plan: 'pro', team: { id: 'a' } }).flagMetadata.rule, 'by-team');
});

test('a path without its attribute, an empty step or an endless one is refused by name', () => {
  const target = (place: object) => fieldsOf(inProduction({ targets: [{ variant: 'on', keys: ['a'], ...place }] }));
  const base = '/environments/production/targets/0';
  assert.deepEqual(target({ path: ['key'] }), [`${base}/path`]);
  assert.deepEqual(target({ by: 'organisation', path: [''] }), [`${base}/path/0`]);
  assert.deepEqual(target({ by: '', path: [] }), [`${base}/by`]);
  assert.deepEqual(target({ by: 'organisation', path: Array.from({ length: 17 }, () => 'a') }), [`${base}/path`]);
  const serve = { variant: 'on' };
  const when = { all: [] };
  assert.deepEqual(fieldsOf(inProduction({ rules: [{ when, serve, bucketing: { path: ['a'] } }] })), [
    '/environments/production/rules/0/bucketing/path',
  ]);
  assert.deepEqual(fieldsOf(inProduction({ rules: [{ when, serve, bucketing: { seed: '' } }] })), [
    '/environments/production/rules/0/bucketing/seed',
  ]);
});

test('F6: a child serves its off variant unless its parent serves something else than its own', () => {
  const parent = (state: object) =>
    normalised({
      key: 'parent',
      environments: { production: { enabled: true, fallthrough: { variant: 'on' }, ...state } },
    });
  const child = normalised({ ...serving({ variant: 'on' }), key: 'child', parent: 'parent' }, [parent({})]);
  assert.equal(ask(snapshotOf(parent({}), child), 'child').value, true);
  const unmet = ask(snapshotOf(parent({ fallthrough: { variant: 'off' } }), child), 'child');
  assert.deepEqual([unmet.value, unmet.flagMetadata.prerequisite], [false, 'parent']);
  assert.equal(ask(snapshotOf(parent({ enabled: false }), child), 'child').value, false);
  // Which of its variants is the off one is the parent's to say.
  assert.equal(ask(snapshotOf(parent({ off_variant: 'on' }), child), 'child').value, false);
  assert.equal(ask(snapshotOf(child), 'child').value, false);
  assert.equal(ask(snapshotOf({ ...parent({}), lifecycle: 'archived' }, child), 'child').value, false);
});

test('F6: prerequisites name other flags, each once, with variants', () => {
  const flags = new Map(
    ['a', 'checkout', ...Array.from({ length: 51 }, (_, n) => `f${n}`)].map((key) => [key, normalised({ key })]),
  );
  const fields = (...prerequisites: { flag: string; variants: string[] }[]) =>
    problems(normaliseFlag(inProduction({ prerequisites }), undefined, around({ flags }))).map(({ field }) => field);
  const base = '/environments/production/prerequisites';
  assert.deepEqual(fields({ flag: 'checkout', variants: ['on'] }), [`${base}/0/flag`]);
  assert.deepEqual(fields({ flag: 'a', variants: [] }), [`${base}/0/variants`]);
  assert.deepEqual(fields({ flag: 'a', variants: ['on'] }, { flag: 'a', variants: ['off'] }), [`${base}/1/flag`]);
  assert.deepEqual(fields({ flag: 'No Key', variants: ['on'] }), [`${base}/0/flag`]);
  assert.deepEqual(fields(...Array.from({ length: 51 }, (_, n) => ({ flag: `f${n}`, variants: ['on'] }))), [base]);
  assert.deepEqual(fieldsOf({ key: 'checkout', parent: 'checkout' }), ['/parent']);
  assert.deepEqual(fieldsOf({ key: 'checkout', parent: 'No Key' }), ['/parent']);
});

test('F4: weights have three decimals and sum to 100 exactly; a thousandth too few or too many is told', () => {
  const field = '/environments/production/fallthrough/split';
  const variants = ['a', 'b', 'c'].map((name) => ({ name, value: name }));
  const weighted = (...percentages: readonly number[]) =>
    serving(
      { split: percentages.map((percentage, index) => ({ variant: 'abc'[index] ?? '', percentage })) },
      { type: 'string', variants, off_variant: 'a' },
    );
  const parts = (...percentages: readonly number[]) =>
    problems(normaliseFlag(weighted(...percentages), undefined, around()));
  for (const whole of [
    [33.333, 33.333, 33.334],
    [0.001, 99.999],
    [0.1, 0.2, 99.7],
    [100, 0],
  ]) {
    assert.ok(normaliseFlag(weighted(...whole), undefined, around()).ok, whole.join());
  }
  assert.deepEqual(parts(33.333, 33.333, 33.333), [{ field, message: 'must sum to 100; it sums to 99.999' }]);
  assert.deepEqual(parts(33.333, 33.334, 33.334), [{ field, message: 'must sum to 100; it sums to 100.001' }]);
  assert.deepEqual(
    parts(33.3333, 33.3333, 33.3334).map((each) => each.field),
    [`${field}/0/percentage`],
  );
});
