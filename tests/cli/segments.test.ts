import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

test('S1: a list is made, filled, asked and looked at from the command line', async () => {
  await world.says(['segments', 'create', 'vips', '--list'], /created vips \(list, version 1\)/);
  const csv = world.file('vips.csv', 'customer,since\n"u,1",2024\nu2,2025\n');
  await world.says(
    ['segments', 'import', 'vips', csv, '--column', 'customer'],
    /lists 2 members \(2 added, 0 removed\)/,
  );
  await world.says(
    ['segments', 'import', 'vips', world.file('more.ndjson', '"u3"\n'), '--mode', 'add'],
    /lists 3 members/,
  );
  const wrong = await world.run(['segments', 'import', 'vips', csv, '--column', 'mail']);
  assert.deepEqual(
    [wrong.code, /--column: must name a column of the header/.test(wrong.stderr)],
    [5, true],
    wrong.stderr,
  );
  await world.says(['segments', 'check', 'vips', 'u,1', 'u4'], /u,1 +yes\nu4 +no/);
  await world.says(['segments', 'get', 'vips'], /members: 3 by targetingKey\nused by: nothing/);
  const columnless = await world.run(['segments', 'import', 'vips', csv]);
  assert.equal(columnless.code, 5);
  assert.match(columnless.stderr, /or --column must name another[\s\S]*\n {2}--column: must name a column/);
  const broken = await world.run(['segments', 'import', 'vips', world.file('broken.ndjson', '"u5"\n{\n')]);
  assert.match(broken.stderr, /Line 2 is not JSON/);
  const unnamed = await world.run(['segments', 'import', 'vips', world.file('vips.txt', 'u5\n')]);
  assert.deepEqual([unnamed.code, /\.csv, \.ndjson or \.jsonl/.test(unnamed.stderr)], [2, true]);
});

test('S6, S7, S9: profiles are uploaded, and say how large segments are and what they have in common', async () => {
  const lines = Array.from({ length: 20 }, (_, n) => JSON.stringify({ key: `p${n}`, attributes: { n } }));
  await world.says(['profiles', 'upload', world.file('users.ndjson', lines.join('\n'))], /stored 20 profiles/);
  const below = (limit: number) => `when: { attribute: n, operator: less_than, values: [${limit}] }\n`;
  await world.says(['segments', 'create', 'low', '-f', world.file('low.yaml', below(5))], /created low \(rule_based/);
  await world.says(['segments', 'create', 'half', '-f', world.file('half.yaml', below(10))], /created half/);
  await world.says(['segments', 'estimate', 'low'], /^5 of 20 profiles \(25\.0 %\)/);
  await world.says(['segments', 'overlap', 'low', 'half'], /low and half +5 +100 %, 50 %/);
  await world.says(['profiles', 'get', 'p3'], /segments: half, low/);
  await world.says(['profiles', 'list', '--segment', 'low', '-a', 'n=3'], /^KEY +UPDATED +ATTRIBUTES\np3 +\S+ +n\n$/);
  const file = world.file('some.yaml', 'attribute: n\noperator: between\nvalues: [6, 8]\n');
  const found = await world.json(['profiles', 'find', '-f', file, '--segment', 'half', '--limit', '2']);
  assert.deepEqual([found.items?.[0]?.key, found.items?.[1]?.key, found.next], ['p6', 'p7', 'p7']);
  const told = await world.run(['profiles', 'find', '-a', 'n=none']);
  assert.deepEqual([told.stdout, told.stderr], ['No profile is like that.\n', 'Looked at 20 of 20 profiles.\n']);
  const wrong = await world.run([
    'profiles',
    'find',
    '-f',
    world.file('wrong.yaml', 'attribute: n\noperator: betwen\n'),
  ]);
  assert.match(wrong.stderr, /wrong\.yaml:2/);
  assert.match((await world.run(['profiles', 'find', '-a', 'n'])).stderr, /must be like plan=pro/);
  await world.says(['segments', 'set', 'low', '-f', world.file('lower.yaml', below(2))], /changed low \(version 2\)/);
  await world.says(['profiles', 'delete', 'p0'], /deleted p0/);
  await world.says(['segments', 'delete', 'low'], /deleted low/);
});

test('a segment is compared with what it was, and a wrong import is taken back', async () => {
  await world.says(['segments', 'create', 'team', '--list', '--reason', 'the pilot'], /created team/);
  const fill = (name: string, key: string) =>
    world.says(['segments', 'import', 'team', world.file(name, `"${key}"\n`)], /lists 1 member \(/);
  await fill('right.ndjson', 'ann');
  await fill('wrong.ndjson', 'eve');
  await world.says(
    ['segments', 'diff', 'team'],
    /^team, version 2 → 3\n {4}\/members: not the same ones are listed\n$/,
  );
  await world.says(['segments', 'diff', 'team', '--from', '1'], /version 1 → 3\n {4}\/members\/count: 0 → 1\n/);
  await world.says(
    ['segments', 'versions', 'team'],
    /^VERSION +WHEN +WHO[\s\S]*\n3 +20[\s\S]*1 member, others than before[\s\S]*\n1 +20[^\n]* the pilot\n {4}created, list of 0 members\n/,
  );
  const late = await world.run(['segments', 'restore', 'team', '2', '--if-version', '2']);
  assert.equal(late.code, 6);
  await world.says(['segments', 'restore', 'team', '2', '--reason', 'the wrong file'], /^team \(list, version 4\)/);
  await world.says(['segments', 'check', 'team', 'ann', 'eve'], /ann +yes\neve +no/);
  const never = await world.run(['segments', 'restore', 'team', '9']);
  assert.equal(never.code, 3);
  assert.match(never.stderr, /has no version 9\. Its versions are 1 to 4/);
});
