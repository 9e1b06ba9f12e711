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
  const value = async () => accepted(await control.evaluation.one(byAdmin(), 'a', {}, 'staging')).value;
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
  refused(await control.evaluation.one(bySdk('staging'), 'a', {}, 'production'), 'forbidden', '/environment');
  refused(await control.evaluation.one(byAdmin(), 'a', {}), 'invalid', '/environment');
  refused(await control.evaluation.many(byAdmin(), {}, { environment: 'prod' }), 'not_found', '/environment');
});
