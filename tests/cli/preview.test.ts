import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

async function post(secret: string, contexts: object | undefined, counts: readonly object[] = [], users?: object) {
  const now = new Date().toISOString();
  const response = await fetch(`${world.url}/api/v1/sdk/summaries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: now, to: now, counts, contexts, users }),
  });
  assert.equal(response.status, 202);
  return response.json();
}

test('T4: from the command line an environment stops telling users apart, and begins again', async () => {
  const update = ['environments', 'update', 'development'];
  await world.says([...update, '--no-unique-users'], /development: .*; users are not told apart \(version 2\)/);
  await world.says([...update, '--unique-users'], /development: recent contexts off \(version 3\)/);
});

test('F13: from the command line an environment collects contexts, changes are tried on them, and they are deleted', async () => {
  await world.says(['flags', 'create', 'checkout'], /checkout/);
  await world.says(['flags', 'preview', 'checkout', '-e', 'staging', '--percentage', '50'], /not collected in staging/);
  await world.says(['contexts', 'list', '-e', 'staging'], /collects no contexts/);
  await world.says(
    ['environments', 'update', 'staging', '--recent-contexts', 'full', '--private-attributes', 'email, name'],
    /staging: recent contexts full, without email, name \(version 2\)/,
  );
  const { secret } = await world.json(['tokens', 'create', 'shop', '-e', 'staging']);
  const items = Array.from({ length: 200 }, (_, rank) => {
    return { rank, context: { targetingKey: `user-${rank}`, email: 'a@b.c', age: rank } };
  });
  const counts = [{ flag: 'checkout', variant: 'off', reason: 'DISABLED', count: 7 }];
  const told = await post(String(secret), { recent_contexts: 'full', items }, counts);
  assert.deepEqual([told.counted, told.contexts.private_attributes], [1, ['email', 'name']]);
  await world.says(
    ['contexts', 'list', '-e', 'staging', '--limit', '1'],
    /^200 contexts \(full\).*\n.*\nuser-0 .*\{"age":0\}/,
  );
  await world.says(
    ['flags', 'preview', 'checkout', '-e', 'staging', '--percentage', '100'],
    /staging: 200 of 200 recent contexts change \(100\.0 %; 98\.1 % to 100\.0 % .*\n {2}off → on {2}200/,
  );
  const state = world.file('state.yaml', 'enabled: true\n');
  await world.says(['flags', 'preview', 'checkout', '-e', 'staging', '-f', state], /200 of 200/);
  const ruled = world.file(
    'ruled.yaml',
    'rules: [{ id: young, when: { attribute: age, operator: less_than, values: [10] }, serve: { variant: "on" } }]\n',
  );
  await world.says(
    ['flags', 'preview', 'checkout', '-e', 'staging', '-f', ruled],
    /0 of 200 recent contexts change .*\n {2}rule young matches 10, decides for 10$/m,
  );
  const given = world.file('contexts.yaml', '- targetingKey: someone\n');
  await world.says(
    ['flags', 'preview', 'checkout', '-e', 'staging', '-f', state, '--contexts', given],
    /1 of 1 contexts change/,
  );
  await world.says(['flags', 'usage', 'checkout'], /staging +7 +\d{4}-.*off 7/);
  const met = { flag: 'checkout', variant: 'off', sketch: 'sAABAEBAFBBAB' };
  await post(String(secret), undefined, counts, [met]);
  await world.says(
    ['flags', 'usage', 'checkout', '-e', 'staging'],
    /staging +14 +\d{4}-\S+ +≈ 4 +off 14 \(≈ 4\)\n.*estimates \(± 2\.3 %\)/,
  );
  const numbered = {
    flag: 'checkout',
    variant: 'off',
    reason: 'STATIC',
    count: 1,
    configurations: { first: 12, last: 15 },
  };
  await post(String(secret), undefined, [numbered]);
  await world.says(['flags', 'usage', 'checkout'], /off 15 \(≈ 4\) from configurations 12-15\n/);
  assert.deepEqual(await world.json(['contexts', 'delete', '-e', 'staging', '--key', 'user-3']), { deleted: 1 });
  const unsaid = await world.run(['contexts', 'delete', '-e', 'staging']);
  assert.deepEqual([unsaid.code, /--yes/.test(unsaid.stderr)], [2, true]);
  const { count } = await world.json(['contexts', 'list', '-e', 'staging']);
  assert.equal(Number(count), 199);
});

test('T2: from the command line events are listed, narrowed by what is asked', async () => {
  await world.says(['events', 'list'], /No events like that/);
  const { secret } = await world.json(['tokens', 'create', 'till', '-e', 'staging']);
  const at = new Date().toISOString();
  const events = [
    { id: 'bought-0001', type: 'user_action', at, name: 'bought', value: 2, context: { user: 'ana' } },
    {
      id: 'met-00000001',
      type: 'flag_evaluated',
      at,
      flag: 'checkout',
      variant: 'on',
      configuration: 7,
      context: { user: 'ben' },
    },
  ];
  const response = await fetch(`${world.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  assert.equal(response.status, 200);
  await world.says(['events', 'list', '--name', 'bought'], /staging +user_action +bought +2 +ana +-/);
  await world.says(['events', 'list', '--flag', 'checkout', '--from', at], /flag_evaluated +checkout on +- +ben +7/);
  const { items } = await world.json(['events', 'list', '-e', 'staging', '--user', 'ana']);
  assert.ok(Array.isArray(items) && items.length === 1);
});

test('F13: a segment is tried on the flags that use it, and a plan says what it would do to recent contexts', async () => {
  const young = world.file('young.yaml', 'when: { all: [{ attribute: age, operator: less_than, values: [10] }] }\n');
  await world.says(['segments', 'create', 'young', '-f', young], /created young/);
  const flag =
    'environments: { staging: { enabled: true, percentage: 0, rules: [{ id: r, when: { segment: young }, serve: { variant: "on" } }] } }\n';
  await world.says(['flags', 'create', 'toys', '-f', world.file('toys.yaml', flag)], /toys/);
  const older = world.file('older.yaml', 'when: { all: [{ attribute: age, operator: less_than, values: [20] }] }\n');
  await world.says(
    ['segments', 'preview', 'young', '-f', older, '-e', 'staging'],
    /staging: 9 members would be 19 \(10 come, 0 go\)\n {2}toys: 10 of 199 recent contexts change/,
  );
  const definitions = world.file(
    'flags.yaml',
    'apiVersion: spillway/v1\nkind: Definitions\nflags:\n  - key: toys\n    environments: { staging: { enabled: false } }\n',
  );
  await world.says(['plan', '-f', definitions], /~ flag toys[\s\S]*staging: 9 of 199 recent contexts change/);
  const plan = await world.json(['plan', '-f', definitions]);
  assert.equal(Number(plan.previews?.toys?.staging?.changed), 9);
  assert.deepEqual(plan.previewed, { flags: 1, of: 1, refused: 0, out_of_time: 0 });
  const plain = await world.json(['plan', '-f', definitions, '--no-preview']);
  assert.deepEqual([plain.previews, plain.previewed], [undefined, undefined]);
  await tellsWhatIsNotTried();
  await world.says(['contexts', 'delete', '-e', 'staging', '--yes'], /199 contexts are deleted/);
});

/** More flags than one look at a plan takes for granted, the last of which requires the first. */
async function tellsWhatIsNotTried(): Promise<void> {
  const toys = Array.from(
    { length: 60 },
    (_, index) => `  toy-${index}: { environments: { staging: { enabled: true } } }`,
  );
  const needing = '  needing: { environments: { staging: { prerequisites: [{ flag: toy-0, variants: ["on"] }] } } }';
  const lines = ['apiVersion: spillway/v1', 'kind: Definitions', 'flags:', ...toys, needing];
  const many = world.file('many.yaml', `${lines.join('\n')}\n`);
  const plan = await world.json(['plan', '-f', many]);
  assert.deepEqual(plan.previewed, { flags: 60, of: 61, refused: 1, out_of_time: 0 });
  assert.equal(Object.keys(plan.previews ?? {}).length, 60);
  await world.says(
    ['plan', '-f', many],
    /Previewed: 60 of 61 changed flags; 1 cannot be tried before the rest of the plan/,
  );
  await world.says(
    ['plan', '-f', many, '--preview-time', '0s'],
    /61 created\.\nPreviewed: 0 of 61 changed flags; there was no time for 61, see --preview-time\.\n$/,
  );
}
