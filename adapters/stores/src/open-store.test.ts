import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { postgresForTests } from '@spillway/tests/postgres';
import { sha256 } from './contract.ts';
import { openStore } from './open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-open-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const postgres = await postgresForTests();

test('an address with sqlite: opens the file it names, with one slash or three', async () => {
  for (const url of [`sqlite:${folder}/one.db`, `sqlite://${folder}/one.db`]) {
    const store = await openStore(url, { sha256 });
    assert.equal((await store.head('default')).seq, 0);
    await store.close();
  }
  assert.ok(existsSync(join(folder, 'one.db')));
});

test('memory: opens a store that starts empty', async () => {
  const store = await openStore('memory:', { sha256 });
  assert.equal((await store.head('default')).seq, 0);
});

test('postgres:// and postgresql:// open the same database', { skip: postgres.skip }, async () => {
  const url = await postgres.database();
  for (const spelling of [url, url.replace('postgres:', 'postgresql:')]) {
    const store = await openStore(spelling, { sha256, poolSize: 2 });
    assert.equal((await store.head('default')).seq, 0);
    await store.close();
  }
});

test('an address that names no store is refused with the forms there are, and is not repeated', async () => {
  for (const url of ['', 'file.db', 'mysql://root:letmein@host/db', 'sqlite:', 'sqlite://data/x.db']) {
    await assert.rejects(openStore(url, { sha256 }), (fault: unknown) => {
      assert.ok(fault instanceof Error && 'code' in fault && fault.code === 'bad_url', `${url}: ${fault}`);
      assert.match(fault.message, /sqlite:path\/to\/file\.db, postgres:/);
      assert.doesNotMatch(fault.message, /letmein/);
      return true;
    });
  }
});
