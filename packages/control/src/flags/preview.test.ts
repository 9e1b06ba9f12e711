import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, bySdk, refused, startControl } from '../../testing/start-control.ts';

const contexts = Array.from({ length: 500 }, (_, index) => ({ targetingKey: `user-${index}` }));

test('F13: a change is tried on contexts before it is saved; saving it then does what was said', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(
    await control.flags.create(byAdmin(), { key: 'a', environments: { staging: { enabled: true, percentage: 20 } } }),
  );
  const update = { enabled: true, percentage: 40 };
  const { environments } = accepted(
    await control.flags.preview(byAdmin(), 'a', { environment: 'staging', update, contexts }),
  );
  const said = environments.staging;
  assert.ok(said !== undefined && said.changed > 0);
  assert.deepEqual(Object.keys(environments), ['staging']);
  assert.equal(said.contexts, contexts.length);
  assert.equal(accepted(await control.flags.get(byAdmin(), 'a')).version, 1, 'nothing was saved');
  const answers = async () => {
    const values: unknown[] = [];
    for (const context of contexts) {
      const how = { environment: 'staging' };
      values.push(accepted(await control.evaluation.one(byAdmin(), 'a', context, how)).value);
    }
    return values;
  };
  const before = await answers();
  accepted(await control.flags.updateEnvironment(byAdmin(), 'a', 'staging', update));
  const after = await answers();
  assert.equal(after.filter((value, index) => value !== before[index]).length, said.changed);
});

test('a whole flag is previewed in every environment, also one that is not there yet', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const flag = { key: 'new', environments: { production: { enabled: true } } };
  const { environments } = accepted(await control.flags.preview(byAdmin(), 'new', { flag, contexts }));
  assert.deepEqual(Object.keys(environments).sort(), ['development', 'production', 'staging']);
  assert.deepEqual(environments.production?.transitions[0]?.to, { variant: 'on', value: true });
  assert.equal(environments.production?.changed, contexts.length);
  refused(await control.flags.get(byAdmin(), 'new'), 'not_found');
});

test('what saving would refuse, previewing refuses the same way', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  const rules = [{ id: 'r', when: { segment: 'nobody' }, serve: { variant: 'on' } }];
  const update = { rules };
  const saved = await control.flags.updateEnvironment(byAdmin(), 'a', 'staging', update);
  const previewed = await control.flags.preview(byAdmin(), 'a', { environment: 'staging', update, contexts });
  assert.equal(saved.ok, false);
  assert.deepEqual(previewed, saved);
  refused(await control.flags.preview(byAdmin(), 'a', { contexts }), 'invalid', '/flag');
  refused(await control.flags.preview(byAdmin(), 'a', { flag: { key: 'b' }, contexts }), 'invalid', '/key');
  refused(await control.flags.preview(byAdmin(), 'b', { environment: 'staging', update: {}, contexts }), 'not_found');
  refused(await control.flags.preview(byAdmin(), 'a', { environment: 'no', update: {}, contexts }), 'not_found');
  refused(await control.flags.preview(bySdk('staging'), 'a', { flag: { key: 'a' }, contexts }), 'forbidden');
});

test('F13: without contexts a change is tried on those the environment was asked for lately; flags that require it come along', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const on = { enabled: true, percentage: 100 };
  accepted(await control.flags.create(byAdmin(), { key: 'a', environments: { staging: on } }));
  accepted(await control.flags.create(byAdmin(), { key: 'child', parent: 'a', environments: { staging: on } }));
  const prerequisites = [{ flag: 'child', variants: ['on'] }];
  accepted(await control.flags.create(byAdmin(), { key: 'far', environments: { staging: { ...on, prerequisites } } }));
  const preview = async (update: object) => {
    const asked = await control.flags.preview(byAdmin(), 'a', { environment: 'staging', update });
    return accepted(asked).environments.staging;
  };
  const nothing = await preview({ enabled: false });
  assert.deepEqual([nothing?.contexts, nothing?.sample.recent_contexts, nothing?.share.high], [0, 'off', 1]);
  assert.match(nothing?.sample.hint ?? '', /not collected in staging.*recent_contexts/);
  accepted(await control.environments.update(byAdmin(), 'staging', { recent_contexts: 'full' }));
  assert.match((await preview({ enabled: false }))?.sample.hint ?? '', /No application/);
  const items = contexts.map((context, rank) => ({ rank, context }));
  const summary = { to_ms: 0, counts: [], contexts: { recent_contexts: 'full', items } } as const;
  accepted(await control.observations.summarise(bySdk('staging'), summary));
  const said = await preview({ percentage: 40 });
  assert.deepEqual([said?.contexts, said?.sample.from, said?.sample.contexts], [500, 'recent', 500]);
  assert.ok(Date.now() - Date.parse(said?.sample.oldest_at ?? '') < 60_000, said?.sample.oldest_at ?? 'never');
  assert.ok(said !== undefined && said.changed > 250 && said.changed < 350, `${said?.changed} changed`);
  assert.ok(said.share.low < 0.6 && said.share.high > 0.6);
  assert.deepEqual(
    Object.entries(said.dependents).map(([key, { changed }]) => [key, changed]),
    [
      ['child', said.changed],
      ['far', said.changed],
    ],
  );
  assert.equal(said.dependents_left_out, 0);
});

test('a rule that nobody will ever get to is told before it is saved', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const everybody = { id: 'everybody', when: { all: [] }, serve: { variant: 'on' } };
  const german = {
    id: 'german',
    when: { attribute: 'country', operator: 'in' as const, values: ['DE'] },
    serve: { variant: 'off' },
  };
  const flag = {
    key: 'a',
    environments: {
      staging: { enabled: true, rules: [german, everybody] },
      production: { enabled: true, rules: [everybody, german] },
    },
  };
  const { warnings } = accepted(await control.flags.preview(byAdmin(), 'a', { flag, contexts }));
  assert.deepEqual(warnings, [
    {
      field: '/environments/production/rules/1',
      message: 'is never reached: the rule everybody above matches everybody',
    },
  ]);
  accepted(await control.flags.create(byAdmin(), flag));
  const update = { enabled: true };
  const staging = accepted(await control.flags.preview(byAdmin(), 'a', { environment: 'staging', update, contexts }));
  assert.deepEqual(staging.warnings, [], 'production is not changed');
});

test('F13: of every rule a preview tells whom it matches and for whom it would decide, also while the flag is off', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.flags.create(byAdmin(), { key: 'a' }));
  const ages = contexts.map((context, age) => ({ ...context, age }));
  const below = (limit: number) => ({
    id: `below-${limit}`,
    when: { attribute: 'age', operator: 'less_than' as const, values: [limit] },
    serve: { variant: 'on' },
  });
  const update = { enabled: false, targets: [{ variant: 'on', keys: ['user-3'] }], rules: [below(10), below(30)] };
  const { environments } = accepted(
    await control.flags.preview(byAdmin(), 'a', { environment: 'staging', update, contexts: ages }),
  );
  assert.deepEqual(environments.staging?.rules, [
    { id: 'below-10', matches: 10, decides: 9 },
    { id: 'below-30', matches: 30, decides: 20 },
  ]);
  assert.equal(environments.staging?.changed, 0, 'nobody gets anything else while it is off');
});
