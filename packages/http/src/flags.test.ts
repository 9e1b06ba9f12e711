import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

const flags = '/api/v1/feature-flags';
const call = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { token: world.adminToken, ...(body === undefined ? {} : { body }) });

async function fieldsOf(body: object): Promise<readonly (string | undefined)[]> {
  const refused = await call('POST', flags, body);
  assert.equal(refused.status, 422, refused.text);
  return (refused.problem.errors ?? []).map(({ field }) => field);
}

const inStaging = (state: object) => ({ key: 'refused', environments: { staging: state } });
const when = { all: [] };

test('F2: a new flag takes a strategy for every environment, which is not a part of the flag that is kept', async () => {
  const strategy = { type: 'user_list', users: ['ann'] };
  const created = await call('POST', flags, { key: 'for-ann', kind: 'user_list', strategy });
  assert.equal(created.status, 201, created.text);
  const made = created.json as { environments: Record<string, { enabled: boolean; targets: unknown }> };
  assert.equal('strategy' in made, false);
  assert.deepEqual(made.environments.production?.targets, [{ variant: 'on', keys: ['ann'] }]);
  assert.equal(made.environments.production?.enabled, false);
  const replaced = await call('PUT', `${flags}/for-ann`, { key: 'for-ann', strategy });
  assert.equal(replaced.status, 422, replaced.text);
});

test('everything that a flag can be is written over the API and read as it was written', async () => {
  const stages = { variant: 'on', otherwise: 'off', steps: [{ from: '2026-03-01T09:00:00Z', percentage: 5 }] };
  const rule = {
    id: 'one',
    when: { attribute: 'organisation', path: ['plan'], operator: 'equals', values: ['PRO'], ignore_case: true },
    serve: { stages },
    bucketing: { by: 'organisation', path: ['key'], seed: 'shared' },
  };
  await call('POST', flags, { key: 'base' });
  const created = await call('POST', flags, {
    key: 'whole',
    kind: 'experiment',
    permanent: true,
    managed_by: 'git',
    parent: 'base',
    target_environments: ['staging'],
    environments: {
      staging: {
        prerequisites: [{ flag: 'base', variants: ['on'] }],
        targets: [{ variant: 'on', keys: ['acme'], by: 'organisation', path: ['key'] }],
        rules: [rule],
        strategy: {
          type: 'gradual',
          from: '2026-03-01T09:00:00Z',
          to: '2026-03-02T09:00:00+01:00',
          from_percentage: 0,
          to_percentage: 50,
        },
      },
    },
  });
  assert.equal(created.status, 201, created.text);
  const { environments } = created.json as { environments: { staging: Record<string, unknown> } };
  assert.deepEqual(environments.staging.rules, [rule]);
  assert.deepEqual(Object.keys(environments.staging.fallthrough ?? {}), ['ramp']);
  assert.deepEqual((await call('GET', `${flags}/whole`)).json, created.json);
});

test('what is wrong with a new field is told where it stands', async () => {
  const serving = (serve: object) => inStaging({ rules: [{ when, serve }] });
  const serve = '/environments/staging/rules/0/serve';
  const stages = { variant: 'on', otherwise: 'off', steps: [{ from: 'tomorrow', percentage: 5 }] };
  assert.deepEqual(await fieldsOf(serving({ stages })), [`${serve}/stages/steps/0/from`]);
  assert.deepEqual(await fieldsOf(serving({ value: 7 })), [`${serve}/value`]);
  assert.deepEqual(await fieldsOf({ key: 'refused', kind: 'magic' }), ['/kind']);
  assert.deepEqual(await fieldsOf({ key: 'refused', parent: 'nowhere' }), ['/parent']);
  assert.deepEqual(await fieldsOf({ key: 'refused', target_environments: ['moon'] }), ['/target_environments/0']);
  assert.deepEqual(await fieldsOf(inStaging({ strategy: { type: 'magic' } })), ['/environments/staging/strategy/type']);
  assert.deepEqual(await fieldsOf(inStaging({ strategy: { type: 'percentage' } })), [
    '/environments/staging/strategy/percentage',
  ]);
  assert.deepEqual(await fieldsOf(inStaging({ prerequisites: [{ flag: 'nowhere', variants: ['on'] }] })), [
    '/environments/staging/prerequisites/0/flag',
  ]);
  const asked = { operator: 'in_segment', values: ['nobody'] };
  assert.deepEqual(await fieldsOf(inStaging({ rules: [{ when: asked, serve: { variant: 'on' } }] })), [
    '/environments/staging/rules/0/when/values/0',
  ]);
  const other = { any: [{ flag: 'nowhere', variants: ['on'] }] };
  assert.deepEqual(await fieldsOf(inStaging({ rules: [{ when: other, serve: { variant: 'on' } }] })), [
    '/environments/staging/rules/0/when/any/0/flag',
  ]);
  const json = { key: 'refused', type: 'json', variants: [{ name: 'a', value: 1 }] };
  assert.deepEqual(await fieldsOf({ ...json, value_schema: { type: 'string' } }), ['/variants/0/value']);
});

test('F3: whether an attribute exists is asked without values, also within others; other operators want theirs', async () => {
  const asks = (when: unknown, key = 'refused') => ({
    key,
    environments: { staging: { enabled: true, rules: [{ when, serve: { variant: 'on' } }] } },
  });
  const made = await call('POST', flags, asks({ not: { attribute: 'beta', operator: 'exists' } }, 'existing'));
  assert.equal(made.status, 201);
  const { environments } = made.json as { environments: Record<string, { rules: { when: unknown }[] }> };
  const stored = { not: { attribute: 'beta', operator: 'exists', values: [] } };
  assert.deepEqual(environments.staging?.rules[0]?.when, stored);
  const base = '/environments/staging/rules/0/when/values';
  assert.deepEqual(await fieldsOf(asks({ attribute: 'beta', operator: 'exists', values: [1] })), [base]);
  assert.deepEqual(await fieldsOf(asks({ attribute: 'beta', operator: 'equals' })), [base]);
});

test('versions are listed, read, compared and restored; what is not there is said', async () => {
  await call('POST', flags, { key: 'past', owner: 'ann' });
  await call('PUT', `${flags}/past`, { key: 'past', owner: 'bob' });
  const history = await call('GET', `${flags}/past/history?limit=1`);
  assert.equal((history.json.items as unknown[]).length, 1);
  assert.equal((await call('GET', `${flags}/past/versions/1`)).json.owner, 'ann');
  const changes = [{ path: '/owner', before: 'ann', after: 'bob' }];
  assert.deepEqual((await call('GET', `${flags}/past/compare`)).json, { from: 1, to: 2, changes });
  assert.equal((await call('POST', `${flags}/past/restore`, { version: 1 })).json.version, 3);
  assert.equal((await call('GET', `${flags}/past/versions/9`)).status, 404);
  assert.equal((await call('GET', `${flags}/past/versions/x`)).status, 422);
  const compared = await call('GET', `${flags}/past/compare?to=x`);
  assert.deepEqual([compared.status, compared.json.detail], [422, '`?to` must be a number, not other text.']);
  assert.equal((await call('POST', `${flags}/past/restore`, { version: 0 })).status, 422);
  assert.equal((await call('GET', `${flags}/never/history`)).status, 404);
});

test('lists are filtered and counted, and filters that say nothing are refused', async () => {
  await call('POST', flags, { key: 'listed', owner: 'payments' });
  const listed = await call('GET', `${flags}?owner=payments&enabled=false&stale=false&sort=-updated&limit=5`);
  assert.deepEqual([listed.json.total, (listed.json.items as { stale: unknown }[])[0]?.stale], [1, null]);
  for (const query of ['sort=size', 'enabled=maybe', 'stale=1', 'type=magic', 'limit=0', 'unknown=1']) {
    assert.equal((await call('GET', `${flags}?${query}`)).status, 422, query);
  }
});

test('code references are told by repository and found by flag', async () => {
  await call('POST', flags, { key: 'referred' });
  const reference = { flag: 'referred', path: 'src/a.ts', line: 3 };
  const given = { repository: 'github.com/acme/shop', references: [reference] };
  assert.equal((await call('PUT', '/api/v1/code-references', given)).status, 200);
  const { flag: _, ...place } = reference;
  const found = await call('GET', `${flags}/referred/references`);
  assert.deepEqual(found.json, { references: [{ repository: given.repository, ...place }] });
  const wrong = await call('PUT', '/api/v1/code-references', { ...given, references: [{ ...reference, line: 0 }] });
  assert.deepEqual([wrong.status, wrong.problem.errors?.[0]?.field], [422, '/references/0/line']);
  assert.deepEqual((await call('GET', `${flags}/referred/staleness`)).json, { stale: null });
  assert.equal((await call('GET', `${flags}/nowhere/dependents`)).status, 404);
});
