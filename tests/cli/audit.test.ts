import assert from 'node:assert/strict';
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
