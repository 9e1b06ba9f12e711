import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, byAdmin, bySdk, refused, startControl } from '../../testing/start-control.ts';

const contexts = Array.from({ length: 100 }, (_, age) => ({ targetingKey: `user-${age}`, age }));
const olderThan = (years: number) => ({ attribute: 'age', operator: 'greater_than', values: [years] }) as const;

test('F13: a change of a segment is tried on every flag that uses it, before it is made', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  accepted(await control.segments.create(byAdmin(), { key: 'old', when: olderThan(49) }));
  const rules = [{ id: 'r', when: { segment: 'old' }, serve: { variant: 'on' } }];
  const state = { enabled: true, rules, fallthrough: { variant: 'off' } };
  accepted(await control.flags.create(byAdmin(), { key: 'using', environments: { staging: state } }));
  accepted(await control.flags.create(byAdmin(), { key: 'far', environments: { staging: { enabled: true } } }));
  const segment = { key: 'old', when: olderThan(39) };
  const asked = { segment, environment: 'staging', contexts };
  const { environments } = accepted(await control.segments.preview(byAdmin(), 'old', asked));
  const said = environments.staging;
  assert.deepEqual(said?.members, { before: 50, after: 60, entered: 10, left: 0 });
  assert.deepEqual(Object.keys(said?.flags ?? {}), ['using']);
  assert.deepEqual([said?.flags.using?.changed, said?.flags_left_out], [10, 0]);
  assert.deepEqual(said?.flags.using?.transitions[0]?.to, { variant: 'on', value: true });
  const everywhere = accepted(await control.segments.preview(byAdmin(), 'old', { segment }));
  assert.deepEqual(Object.keys(everywhere.environments).sort(), ['development', 'production', 'staging']);
  assert.match(everywhere.environments.staging?.sample.hint ?? '', /not collected/);
  accepted(await control.segments.replace(byAdmin(), 'old', segment));
  const saved = accepted(await control.segments.preview(byAdmin(), 'old', asked)).environments.staging;
  assert.deepEqual(saved?.members, { before: 60, after: 60, entered: 0, left: 0 });
});

test('a segment that is not there yet has no members before; what saving refuses is refused', async (t) => {
  const control = await startControl();
  t.after(() => control.stop());
  const fresh = { segment: { key: 'fresh', when: olderThan(89) }, environment: 'staging', contexts };
  const { environments } = accepted(await control.segments.preview(byAdmin(), 'fresh', fresh));
  assert.deepEqual(environments.staging?.members, { before: 0, after: 10, entered: 10, left: 0 });
  refused(await control.segments.preview(byAdmin(), 'other', fresh), 'invalid', '/segment/key');
  const circle = { segment: { key: 'fresh', when: { segment: 'nobody' } } };
  refused(await control.segments.preview(byAdmin(), 'fresh', circle), 'invalid');
  refused(await control.segments.preview(byAdmin(), 'fresh', { ...fresh, environment: 'nowhere' }), 'not_found');
  refused(await control.segments.preview(bySdk('staging'), 'fresh', fresh), 'forbidden');
});
