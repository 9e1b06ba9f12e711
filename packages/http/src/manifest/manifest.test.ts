import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createWorld, type World } from '../testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const MANIFEST = '/openfeature/v0/manifest';
const FLAGS = `${MANIFEST}/flags`;

interface Told {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly defaultValue: unknown;
}

const asAdmin = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { token: world.adminToken, ...(body === undefined ? {} : { body }) });

async function pulled(token = world.adminToken): Promise<readonly Told[]> {
  const { status, json } = await world.call('GET', MANIFEST, { token });
  assert.equal(status, 200);
  return (json as unknown as { readonly flags: readonly Told[] }).flags;
}

/** As OpenFeature's command pushes: creates what is not there, updates what differs, leaves the rest. It compares with keys in order. */
async function push(local: readonly Omit<Told, 'name'>[]) {
  const remote = new Map((await pulled()).map((flag) => [flag.key, flag]));
  const answers: Record<string, number> = {};
  for (const flag of local) {
    const { key, description, ...rest } = flag;
    const there = remote.get(key);
    const same = (one: Omit<Told, 'name'>) => JSON.stringify([one.type, one.defaultValue, one.description]);
    if (there !== undefined && same(there) === same(flag)) continue;
    const body = { key, ...rest, ...(description === '' ? {} : { description }) };
    const { status } = await (there === undefined
      ? asAdmin('POST', FLAGS, body)
      : asAdmin('PUT', `${FLAGS}/${key}`, body));
    answers[key] = status;
  }
  return answers;
}

function refusal(answer: { readonly status: number; readonly json: unknown }) {
  const { error } = answer.json as {
    readonly error: {
      readonly status: number;
      readonly message: string;
      readonly details?: { readonly field: string }[];
    };
  };
  assert.equal(error.status, answer.status);
  assert.ok(error.message.length > 10);
  return [error.status, error.details?.map(({ field }) => field) ?? []];
}

test('a manifest with every type is pushed once, pulled as it was, and pushed again without a write', async () => {
  const local = [
    { key: 'banner', type: 'string', description: 'Above all pages', defaultValue: 'none' },
    { key: 'limits', type: 'object', description: '', defaultValue: { deep: [1, { two: null }], rows: 10 } },
    { key: 'old-search', type: 'boolean', description: '', defaultValue: true },
    { key: 'ratio', type: 'float', description: '', defaultValue: 0.5 },
    { key: 'rows', type: 'integer', description: '', defaultValue: 0 },
    { key: 'search', type: 'boolean', description: 'The new search', defaultValue: false },
  ];
  assert.deepEqual(Object.values(await push(local)), [201, 201, 201, 201, 201, 201]);
  assert.deepEqual(
    await pulled(),
    local.map((flag) => ({ ...flag, name: flag.key })),
  );
  assert.deepEqual(await push(local), {});
  const log = await asAdmin('GET', '/api/v1/audit?limit=500');
  const created = (log.json.items as readonly { readonly action: string; readonly reason: string }[]).filter(
    ({ action }) => action === 'flag.created',
  );
  assert.equal(created.length, 6);
  assert.equal(created[0]?.reason, 'Created from an OpenFeature manifest');
});

test('a pushed flag is off everywhere and answers its default, also one whose default is true', async () => {
  await push([{ key: 'old-search', type: 'boolean', description: '', defaultValue: true }]);
  for (const environment of ['development', 'production']) {
    const body = { environment, context: { targetingKey: 'ana' } };
    const { json } = await asAdmin('POST', '/api/v1/feature-flags/old-search/evaluate', body);
    assert.deepEqual([json.value, json.reason], [true, 'DISABLED']);
  }
});

test('the example of the specification is taken, its name is not kept, and the answer says when', async () => {
  const before = Date.now();
  const answer = await asAdmin('POST', FLAGS, {
    key: 'search-rollout',
    type: 'boolean',
    name: 'Search rollout',
    description: null,
    defaultValue: false,
  });
  assert.equal(answer.status, 201);
  const { flag, updatedAt } = answer.json as { readonly flag: Told; readonly updatedAt: string };
  const entry = {
    key: 'search-rollout',
    name: 'search-rollout',
    type: 'boolean',
    description: '',
    defaultValue: false,
  };
  assert.deepEqual(flag, entry);
  assert.ok(Date.parse(updatedAt) >= before - 1 && updatedAt.endsWith('Z'));
  assert.equal(answer.headers['x-manifest-capabilities'], 'read,write,delete');
});

test('an SDK key reads, with the defaults of its own environment, and is told so; it writes nothing', async () => {
  await asAdmin('POST', '/api/v1/feature-flags?reason=test', {
    key: 'search',
    environments: { production: { off_variant: 'on' }, development: { off_variant: 'off' } },
  });
  const { headers } = await world.call('GET', MANIFEST, { token: world.sdkKey });
  assert.equal(headers['x-manifest-capabilities'], 'read');
  assert.equal((await pulled(world.sdkKey))[0]?.defaultValue, true);
  const body = { key: 'more', type: 'boolean', defaultValue: false };
  for (const [method, path, sent] of [
    ['POST', FLAGS, body],
    ['PUT', `${FLAGS}/more`, body],
    ['DELETE', `${FLAGS}/more`, undefined],
  ] as const) {
    const more = sent === undefined ? {} : { body: sent };
    assert.deepEqual(refusal(await world.call(method, path, { token: world.sdkKey, ...more })), [
      403,
      ['Authorization'],
    ]);
  }
  assert.deepEqual(refusal(await world.call('GET', MANIFEST, { token: world.clientKey })), [403, ['Authorization']]);
  assert.deepEqual(refusal(await world.call('GET', MANIFEST)), [401, ['Authorization']]);
});

test('an update keeps rules, targets and what is served; the new default is served where the flag is off', async () => {
  await asAdmin('POST', '/api/v1/feature-flags', {
    key: 'colour',
    type: 'string',
    variants: [
      { name: 'red', value: '#f00' },
      { name: 'blue', value: '#00f' },
    ],
    environments: { development: { enabled: true, targets: [{ variant: 'blue', keys: ['ana'] }] } },
  });
  const flag = { key: 'colour', type: 'string' };
  const described = await asAdmin('PUT', `${FLAGS}/colour`, { ...flag, description: 'Of the button' });
  assert.equal(described.status, 200);
  const other = await asAdmin('PUT', `${FLAGS}/colour?reason=rebranding`, { ...flag, defaultValue: '#0f0' });
  assert.equal((other.json as { readonly flag: Told }).flag.defaultValue, '#0f0');
  const { json } = await asAdmin('GET', '/api/v1/feature-flags/colour');
  const stored = json as unknown as {
    readonly variants: readonly { readonly name: string }[];
    readonly environments: Readonly<Record<string, { readonly off_variant: string; readonly targets: unknown[] }>>;
  };
  assert.deepEqual(
    stored.variants.map(({ name }) => name),
    ['red', 'blue', 'default'],
  );
  assert.equal(stored.environments.development?.targets.length, 1);
  assert.equal(stored.environments.production?.off_variant, 'default');
});

test('a protected environment wants a reason for another default and for archiving what it serves: 409 without', async () => {
  await asAdmin('POST', '/api/v1/feature-flags?reason=test', {
    key: 'search',
    environments: { production: { enabled: true } },
  });
  const flag = { key: 'search', type: 'boolean', defaultValue: true };
  assert.deepEqual(refusal(await asAdmin('PUT', `${FLAGS}/search`, flag)), [409, ['?reason']]);
  assert.deepEqual(refusal(await asAdmin('DELETE', `${FLAGS}/search`)), [409, ['?reason']]);
  const archived = await asAdmin('DELETE', `${FLAGS}/search?reason=done`);
  assert.equal(archived.status, 200);
  assert.ok(Math.abs(Date.parse(String(archived.json.archivedAt)) - Date.now()) < 60_000);
  assert.deepEqual(await pulled(), []);
});

test('an archived flag is in nobody’s manifest, and neither created, updated nor archived again', async () => {
  const flag = { key: 'search', type: 'boolean', defaultValue: false };
  await asAdmin('POST', FLAGS, flag);
  assert.equal((await asAdmin('DELETE', `${FLAGS}/search`)).status, 200);
  for (const answer of [
    await asAdmin('POST', FLAGS, flag),
    await asAdmin('PUT', `${FLAGS}/search`, flag),
    await asAdmin('DELETE', `${FLAGS}/search`),
  ]) {
    assert.deepEqual(refusal(answer), [409, ['key']]);
  }
  assert.deepEqual(refusal(await asAdmin('DELETE', `${FLAGS}/unknown`)), [404, []]);
  assert.deepEqual(refusal(await asAdmin('DELETE', `${FLAGS}/Not%20A%20Key`)), [404, []]);
});

test('what a manifest cannot say is refused with the field: 400 for a broken rule, 409 for another type', async () => {
  const flag = { key: 'search', type: 'boolean', defaultValue: false };
  await asAdmin('POST', FLAGS, flag);
  const refused: readonly (readonly [string, string, object, number, string])[] = [
    ['POST', FLAGS, { ...flag, key: 'Search It' }, 400, 'key'],
    ['POST', FLAGS, { ...flag, key: 'more', type: 'int' }, 400, 'type'],
    ['POST', FLAGS, { ...flag, key: 'more', defaultValue: 'false' }, 400, 'defaultValue'],
    ['POST', FLAGS, { ...flag, key: 'more', type: 'object', defaultValue: [] }, 400, 'defaultValue'],
    ['POST', FLAGS, { ...flag, key: 'more', type: 'integer', defaultValue: 0.5 }, 400, 'defaultValue'],
    ['POST', FLAGS, { key: 'more', type: 'boolean' }, 400, 'defaultValue'],
    ['POST', FLAGS, { ...flag, key: 'more', unknown: 1 }, 400, 'unknown'],
    ['POST', FLAGS, flag, 409, 'key'],
    ['PUT', `${FLAGS}/search`, { ...flag, key: 'other' }, 400, 'key'],
    ['PUT', `${FLAGS}/search`, { ...flag, type: 'string', defaultValue: 'x' }, 409, 'type'],
  ];
  for (const [method, path, body, status, field] of refused) {
    assert.deepEqual(refusal(await asAdmin(method, path, body)), [status, [field]], JSON.stringify(body));
  }
  assert.equal((await pulled()).length, 1);
});

test('two updates of one flag at once: each is made on what it read, or refused with 409', async () => {
  await asAdmin('POST', FLAGS, { key: 'rows', type: 'integer', defaultValue: 0 });
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((value) =>
      asAdmin('PUT', `${FLAGS}/rows?reason=race`, { key: 'rows', type: 'integer', defaultValue: value }),
    ),
  );
  const made = answers.filter(({ status }) => status === 200).length;
  assert.ok(made >= 1 && answers.every(({ status }) => status === 200 || status === 409));
  const { json } = await asAdmin('GET', '/api/v1/feature-flags/rows');
  assert.equal((json.variants as readonly unknown[]).length, 1 + made);
});
