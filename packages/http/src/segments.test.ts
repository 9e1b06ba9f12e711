import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

const segments = '/api/v1/segments';
const call = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { token: world.adminToken, ...(body === undefined ? {} : { body }) });

test('versions of a segment are listed, read, compared and restored; what is not there is said', async () => {
  const when = { attribute: 'beta', operator: 'equals', values: [true] };
  await call('POST', segments, { key: 'past', when, owner: 'ann' });
  await call('PUT', `${segments}/past`, { key: 'past', when, owner: 'bob' });
  const history = await call('GET', `${segments}/past/history?limit=1`);
  assert.deepEqual(
    (history.json.items as { summary: string }[]).map(({ summary }) => summary),
    ['owner ann → bob'],
  );
  assert.equal((await call('GET', `${segments}/past/versions/1`)).json.owner, 'ann');
  const changes = [{ path: '/owner', before: 'ann', after: 'bob' }];
  assert.deepEqual((await call('GET', `${segments}/past/compare`)).json, { from: 1, to: 2, changes });
  const restored = await call('POST', `${segments}/past/restore`, { version: 1, reason: 'by mistake' });
  assert.deepEqual([restored.json.version, restored.json.owner], [3, 'ann']);
  assert.equal((await call('GET', `${segments}/past/versions/9`)).status, 404);
  assert.equal((await call('GET', `${segments}/past/versions/x`)).status, 422);
  assert.equal((await call('POST', `${segments}/past/restore`, { version: 0 })).status, 422);
  assert.equal((await call('POST', `${segments}/past/restore`, {})).status, 422);
  assert.equal((await call('GET', `${segments}/never/history`)).status, 404);
  assert.equal((await world.call('POST', `${segments}/past/restore`, { body: { version: 2 } })).status, 401);
});
