import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

const staging = '/api/v1/environments/staging';
const call = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { token: world.adminToken, ...(body === undefined ? {} : { body }) });

async function refusedField(method: string, path: string, body?: unknown): Promise<string | undefined> {
  const refused = await call(method, path, body);
  assert.ok(refused.status >= 400 && refused.status < 500, refused.text);
  return refused.problem.errors?.[0]?.field;
}

test('settings of an environment are changed by name, with a version and a reason; what is wrong is named', async () => {
  const changed = await call('PATCH', staging, { recent_contexts: 'hashed' });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(await refusedField('PATCH', staging, { recent_contexts: 'some' }), '/recent_contexts');
  assert.equal(await refusedField('PATCH', staging, { private_attributes: ['', 'a'] }), '/private_attributes/0');
  assert.equal(await refusedField('PATCH', staging, { protected: 'no' }), '/protected');
  assert.equal(await refusedField('PATCH', '/api/v1/environments/production', { protected: false }), '?reason');
  assert.equal(await refusedField('PATCH', '/api/v1/environments/nowhere', {}), '{key}');
  assert.equal(await refusedField('PATCH', '/api/v1/environments/production', { recent_contexts: 'full' }), '?reason');
  const told = await call('PATCH', '/api/v1/environments/production?reason=tried', { recent_contexts: 'off' });
  assert.equal(told.status, 200, told.text);
});

test('contexts are listed and deleted; a cursor or key that makes no sense is named', async () => {
  const listed = await call('GET', `${staging}/contexts`);
  assert.equal(listed.status, 200, listed.text);
  assert.equal(await refusedField('GET', `${staging}/contexts?cursor=x`), '?cursor');
  assert.equal(await refusedField('DELETE', `${staging}/contexts?targeting_key=`), '?targeting_key');
  assert.equal(await refusedField('DELETE', `${staging}/contexts?targeting_key=a%00b`), '?targeting_key');
  assert.equal(await refusedField('GET', `${staging}/contexts?cursor=1~a%00b`), '?cursor');
  assert.equal(await refusedField('GET', `${staging}/contexts?cursor=1~${'%F0%9F%99%82'.repeat(150)}`), '?cursor');
  for (const key of ['nobody', '%F0%9F%99%82']) {
    const gone = await call('DELETE', `${staging}/contexts?targeting_key=${key}`);
    assert.deepEqual([gone.status, gone.text], [200, '{"deleted":0}']);
  }
});

test('a preview without contexts says why it tells nothing; an empty list of them is refused', async () => {
  await call('POST', '/api/v1/feature-flags', { key: 'a' });
  const path = '/api/v1/feature-flags/a/preview';
  const body = { environment: 'development', update: { enabled: true } };
  const said = await call('POST', path, body);
  assert.match(said.text, /not collected in development/);
  assert.equal(await refusedField('POST', path, { ...body, contexts: [] }), '/contexts');
  assert.equal(await refusedField('POST', '/api/v1/segments/s/preview', { segment: { key: 'other' } }), '/segment/key');
});
