import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

/** What somebody with access to the file could do while nobody looks. */
async function tamper(sql: string): Promise<void> {
  await world.stopServer();
  const database = new DatabaseSync(join(world.directory, '.spillway', 'spillway.db'));
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
  await world.startServer();
}

test('audit verify is content with a log that nobody touched, and names the first entry that somebody did', async () => {
  await world.json(['flags', 'create', 'a']);
  await world.json(['flags', 'on', 'a', '-e', 'staging']);
  await world.json(['flags', 'create', 'b']);
  const { items } = await world.json(['audit', 'list', '--key', 'a', '--limit', '1']);
  const touched = Number(items?.[0]?.seq);
  await tamper('SELECT 1');
  const before = await world.run(['audit', 'verify']);
  assert.equal(before.code, 0, 'a restart alone breaks nothing');
  assert.match(before.stdout, /^intact: /);

  await tamper(`UPDATE entries SET actor = 'token:somebody-else' WHERE seq = ${touched}`);
  const changed = await world.run(['audit', 'verify']);
  assert.equal(changed.code, 1);
  assert.match(changed.stdout, new RegExp(`^BROKEN at entry ${touched}: `));
  const document = await world.run(['audit', 'verify', '--json']);
  assert.equal(document.code, 1);
  const { is, seq } = JSON.parse(document.stdout) as { is: string; seq: number };
  assert.deepEqual({ is, seq }, { is: 'broken', seq: touched });
});

test('audit export writes the changes as a file, with the filters of the list', async () => {
  await world.json(['flags', 'create', 'exported']);
  const out = join(world.directory, 'changes.csv');
  const written = await world.run(['audit', 'export', '--format', 'csv', '--key', 'exported', '--out', out]);
  assert.equal(written.code, 0, written.stderr);
  assert.equal(written.stdout, '');
  const [head, ...rows] = (await readFile(out, 'utf8')).trim().split(/\r?\n/);
  assert.match(head ?? '', /seq/);
  assert.equal(rows.length, 1);
  const lines = await world.run(['audit', 'export', '--key', 'exported']);
  const [only, ...others] = lines.stdout.trim().split('\n');
  assert.equal(others.length, 0);
  assert.equal((JSON.parse(only ?? '') as { key: string }).key, 'exported');
});

test('audit export leaves no half a file behind', async () => {
  const nowhere = await world.run(['audit', 'export', '--out', join(world.directory, 'no', 'such', 'folder.jsonl')]);
  assert.notEqual(nowhere.code, 0);
  assert.match(nowhere.stderr, /its folder is not there; make it first, or name another file/);
  const refused = await world.run([
    'audit',
    'export',
    '--from',
    'yesterday',
    '--out',
    join(world.directory, 'a.jsonl'),
  ]);
  assert.equal(refused.code, 5);
  assert.deepEqual(
    (await readdir(world.directory)).filter((name) => name.includes('unfinished') || name === 'a.jsonl'),
    [],
  );
});
