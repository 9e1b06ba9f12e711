import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createWorld, type Json, type World } from './world.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/default-flags');
const WHY = ['--reason', 'the flags to begin with'];

let world: World;
before(async () => {
  world = await createWorld();
  await cp(EXAMPLE, join(world.directory, 'flags'), { recursive: true });
});
after(() => world.close());

const actionsIn = (plan: Json) =>
  (plan.changes as unknown as readonly { readonly key: string; readonly action: string }[])
    .filter(({ action }) => action !== 'none')
    .map(({ key, action }) => `${action} ${key}`);

test('F15: the default flags are planned, applied, answered as their fixtures say, and then there is nothing to do', async () => {
  const planned = await world.run(['plan', '-f', 'flags', '--detailed-exitcode']);
  assert.equal(planned.code, 2, planned.stderr);
  assert.match(planned.stdout, /^\+ segment internal-testers\n\+ flag auto_submit_enabled\n/);
  assert.match(planned.stdout, /6 created\.\n$/);
  const silent = await world.run(['apply', '-f', 'flags']);
  assert.equal(silent.code, 5);
  assert.match(silent.stderr, /--reason/);
  const applied = await world.run(['apply', '-f', 'flags', ...WHY]);
  assert.deepEqual([applied.code, applied.stdout], [0, 'Applied: 6 created.\n'], applied.stderr);
  const again = await world.run(['plan', '-f', 'flags', '--detailed-exitcode']);
  assert.deepEqual([again.code, again.stdout], [0, 'no change; 6 as before.\n']);
  const tester = ['-e', 'production', '-k', 'user-1', '-c', '{"email":"ana@example.com"}'];
  const online = await world.json(['evaluate', 'smart_prompts_enabled', ...tester]);
  const offline = await world.json(['evaluate', 'smart_prompts_enabled', '--flags', 'flags', ...tester]);
  assert.deepEqual(
    [online.value, online.variant, online.reason, online.flagMetadata?.rule],
    [offline.value, offline.variant, offline.reason, offline.flagMetadata?.rule],
  );
});

test('F16: what is exported applies without a change, and says the same when it is exported again', async () => {
  const first = await world.run(['export', '--managed-by', 'default-flags', '-o', 'exported.yaml']);
  assert.equal(first.code, 0, first.stderr);
  const text = await readFile(join(world.directory, 'exported.yaml'), 'utf8');
  assert.match(text, /^# yaml-language-server: \$schema=\S+\napiVersion: spillway\/v1\nkind: Definitions\n/);
  assert.equal((await world.run(['validate', 'exported.yaml', '--strict'])).code, 0);
  assert.deepEqual(actionsIn(await world.json(['plan', '-f', 'exported.yaml', '--prune'])), []);
  const json = await world.run(['export', '--managed-by', 'default-flags', '-o', 'exported.json']);
  assert.equal(json.code, 0, json.stderr);
  assert.deepEqual(actionsIn(await world.json(['plan', '-f', 'exported.json'])), []);
  const { stdout } = await world.run(['export', '--managed-by', 'default-flags']);
  assert.equal(stdout, text);
});

test('F16: a change shows field by field; what ends wants --yes; nothing is half done', async () => {
  await world.json(['flags', 'create', 'by-hand']);
  const file = join(world.directory, 'fewer.yaml');
  const text = await readFile(join(EXAMPLE, 'flags.yaml'), 'utf8');
  const canary = text.indexOf('  canary_smart_prompts:');
  await writeFile(file, text.slice(0, canary).replace('owner: forms', 'owner: web'));
  const planned = await world.run(['plan', 'fewer.yaml', '--prune']);
  assert.equal(planned.stdout, (await world.run(['plan', '-f', 'fewer.yaml', '--prune'])).stdout);
  const nothing = await world.run(['plan']);
  assert.deepEqual([nothing.code, nothing.stderr], [2, 'Name the files or folders of definitions, such as flags/.\n']);
  assert.match(planned.stdout, /~ flag auto_submit_enabled\n {4}\/owner: "forms" → "web"\n/);
  assert.match(planned.stdout, /- flag canary_smart_prompts \(archive\)\n/);
  const unsure = await world.run(['apply', '-f', 'fewer.yaml', '--prune', ...WHY]);
  assert.equal(unsure.code, 2);
  assert.match(unsure.stderr, /--yes/);
  const sure = await world.json(['apply', '-f', 'fewer.yaml', '--prune', '--yes', ...WHY]);
  assert.deepEqual(actionsIn(sure), ['update auto_submit_enabled', 'archive canary_smart_prompts']);
  assert.equal((await world.json(['flags', 'get', 'by-hand'])).lifecycle, 'active');
});

test('F16: what the server refuses is shown in the file', async () => {
  await writeFile(
    join(world.directory, 'lost.yaml'),
    'apiVersion: spillway/v1\nkind: Definitions\nmanaged_by: other\nflags:\n  - key: new-one\n    environments:\n      nowhere: {}\n',
  );
  const lost = await world.run(['plan', '-f', 'lost.yaml']);
  assert.equal(lost.code, 5);
  assert.match(lost.stderr, /^lost\.yaml:7:7 \/flags\/0\/environments\/nowhere: is not an environment; known: /);
  await writeFile(
    join(world.directory, 'theirs.yaml'),
    'apiVersion: spillway/v1\nkind: Definitions\nmanaged_by: other\nflags:\n  proof_packets_enabled: {}\n',
  );
  const theirs = await world.run(['plan', '-f', 'theirs.yaml']);
  assert.equal(theirs.code, 6);
  assert.match(theirs.stderr, /^theirs\.yaml:5:3 .*is managed by default-flags/);
});

test('F16: a list beside the file becomes the segment’s members', async () => {
  await writeFile(join(world.directory, 'vips.csv'), 'key,since\n"u-1",2020\nu-2,2021\n');
  await writeFile(
    join(world.directory, 'vips.yaml'),
    'apiVersion: spillway/v1\nkind: Definitions\nsegments:\n  vips: { members_file: ./vips.csv }\n',
  );
  const applied = await world.json(['apply', '-f', 'vips.yaml']);
  assert.deepEqual(actionsIn(applied), ['create vips']);
  assert.deepEqual(actionsIn(await world.json(['plan', '-f', 'vips.yaml'])), []);
  const schema = await fetch(`${world.url}/api/v1/definitions/schema`);
  assert.equal(schema.headers.get('content-type'), 'application/schema+json; charset=utf-8');
  assert.equal(((await schema.json()) as { $schema: string }).$schema, 'http://json-schema.org/draft-07/schema#');
});
