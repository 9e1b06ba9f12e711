import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, bySdk, refused, startControl } from '../../testing/start-control.ts';

test('F9: one, several or all flags, each with value, variant, reason and rule, from one configuration', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(
    await control.flags.create(byAdmin(), {
      key: 'colour',
      variants: [
        { name: 'red', value: '#f00' },
        { name: 'blue', value: '#00f' },
      ],
      environments: {
        production: {
          enabled: true,
          rules: [
            {
              id: 'germans',
              when: { attribute: 'country', operator: 'equals', values: ['de'] },
              serve: { variant: 'blue' },
            },
          ],
        },
      },
    }),
  );
  accepted(await control.flags.create(byAdmin(), { key: 'checkout' }));
  const call = bySdk('production');
  const one = accepted(await control.evaluation.one(call, 'colour', { targetingKey: 'u', country: 'de' }));
  assert.deepEqual([one.value, one.variant, one.reason], ['#00f', 'blue', 'TARGETING_MATCH']);
  assert.equal(one.flagMetadata.rule, 'germans');
  const all = accepted(await control.evaluation.many(call, { targetingKey: 'u' }, {}));
  assert.deepEqual(
    all.evaluations.map(({ flagKey, value }) => [flagKey, value]),
    [
      ['checkout', false],
      ['colour', '#f00'],
    ],
  );
  assert.ok(all.evaluations.every(({ flagMetadata }) => flagMetadata.configuration === all.configuration));
  const some = accepted(await control.evaluation.many(call, {}, { flags: ['gone', 'constructor'] }));
  assert.deepEqual(
    some.evaluations.map(({ errorCode }) => errorCode),
    ['FLAG_NOT_FOUND', 'FLAG_NOT_FOUND'],
  );
});

test('a change is evaluated as soon as it is answered; an archived flag is gone', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const value = async () =>
    accepted(await control.evaluation.one(byAdmin(), 'a', {}, { environment: 'staging' })).value;
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  assert.equal(await value(), false);
  accepted(await control.flags.updateEnvironment(byAdmin(), 'a', 'staging', { enabled: true }));
  assert.equal(await value(), true);
  accepted(await control.flags.archive(byAdmin(), 'a'));
  assert.equal(await value(), null);
});

test('an SDK key evaluates in its own environment only, an admin names one that exists', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  refused(
    await control.evaluation.one(bySdk('staging'), 'a', {}, { environment: 'production' }),
    'forbidden',
    '/environment',
  );
  refused(await control.evaluation.one(byAdmin(), 'a', {}), 'invalid', '/environment');
  refused(await control.evaluation.many(byAdmin(), {}, { environment: 'prod' }), 'not_found', '/environment');
});

test('an answer comes with its trace when it is asked for, one by one or all together', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const rules = [
    {
      id: 'germans',
      when: { attribute: 'country', operator: 'equals', values: ['de'] },
      serve: {
        split: [
          { variant: 'on', percentage: 50 },
          { variant: 'off', percentage: 50 },
        ],
      },
    },
  ] as const;
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true, rules } } }));
  const how = { environment: 'staging', trace: true };
  const context = { targetingKey: 'u', country: 'de' };
  const { trace, ...answer } = accepted(await control.evaluation.one(byAdmin(), 'a', context, how));
  assert.deepEqual(answer, accepted(await control.evaluation.one(byAdmin(), 'a', context, { environment: 'staging' })));
  assert.equal(trace?.decided_by, 'rule');
  const condition = { is: 'comparison', attribute: 'country', operator: 'equals', expected: ['de'], actual: 'de' };
  assert.deepEqual(trace?.rules, [{ id: 'germans', result: 'matched', condition: { ...condition, met: true } }]);
  assert.equal(trace?.split?.key, 'u');
  const all = accepted(await control.evaluation.many(byAdmin(), context, { ...how, flags: ['a', 'gone'] }));
  assert.deepEqual(
    all.evaluations.map((each) => each.trace?.decided_by),
    ['rule', 'error'],
  );
});

test('traces that are too large together are refused, not sent', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const any = Array.from(
    { length: 100 },
    (_, value) => ({ attribute: 'a', operator: 'equals', values: [value] }) as const,
  );
  const rules = Array.from({ length: 10 }, (_, id) => ({ id: `r${id}`, when: { any }, serve: { variant: 'on' } }));
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true, rules } } }));
  const how = { environment: 'staging', trace: true };
  const context = { a: 'x'.repeat(30_000) };
  refused(await control.evaluation.one(byAdmin(), 'a', context, how), 'too_large', '/trace');
  accepted(await control.evaluation.one(byAdmin(), 'a', { a: 'x' }, how));
});
