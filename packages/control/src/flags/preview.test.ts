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
