import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { describeStore, sha256 } from '../contract.ts';
import { StoreError } from '../store-error.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** The user who may do least, on every system. */
const NOBODY = 65_534;
const folder = mkdtempSync(join(tmpdir(), 'spillway-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describeStore('SQLite', () => openSqliteStore({ file: join(folder, 'contract.db'), sha256 }));

const change = {
  ...{ project: 'default', at_ms: 1, actor: 'user:ada', reason: '' },
  writes: [{ noun: 'flags', key: 'checkout', expected: 0, after: { on: true }, action: 'flag.created' }],
} as const;

function codeIs(code: StoreError['code'], message: RegExp) {
  return (fault: unknown): boolean => {
    assert.ok(fault instanceof StoreError, String(fault));
    assert.equal(fault.code, code);
    assert.match(fault.message, message);
    return true;
  };
}

test('what was committed is there after closing and opening again', async () => {
  const file = join(folder, 'again.db');
  const first = await openSqliteStore({ file, sha256 });
  await first.commit(change);
  const head = await first.head('default');
  await first.close();
  const second = await openSqliteStore({ file, sha256 });
  assert.deepEqual(await second.head('default'), head);
  assert.deepEqual((await second.read('default', 'flags', 'checkout'))?.body, { on: true });
  await second.close();
});

test('a second control plane on the same file is told so, a reader is not kept out', async () => {
  const file = join(folder, 'shared.db');
  const store = await openSqliteStore({ file, sha256 });
  await store.commit(change);
  await assert.rejects(
    openSqliteStore({ file, sha256 }),
    codeIs('locked', /shared\.db is in use by another control plane/),
  );
  const reader = new DatabaseSync(file, { readOnly: true });
  assert.deepEqual({ ...reader.prepare('SELECT count(*) AS n FROM entries').get() }, { n: 1 });
  reader.close();
  await store.close();
  await (await openSqliteStore({ file, sha256 })).close();
});

test('a file of a newer version is refused and left as it is', async () => {
  const file = join(folder, 'newer.db');
  await (await openSqliteStore({ file, sha256 })).close();
  const database = new DatabaseSync(file);
  database.exec(`INSERT INTO migrations VALUES (900, 'from-the-future')`);
  database.close();
  const refused = codeIs('newer_schema', /has schema 900, but this version of Spillway knows only up to/);
  await assert.rejects(openSqliteStore({ file, sha256 }), refused);
  await assert.rejects(openSqliteStore({ file, sha256 }), refused, 'the refused opener let go of the file');
});

test('a path that cannot be a database is refused with what to check', async () => {
  const noFolder = join(folder, 'missing', 'spillway.db');
  await assert.rejects(
    openSqliteStore({ file: noFolder, sha256 }),
    codeIs('unreachable', /Check that its folder exists/),
  );
  const noDatabase = join(folder, 'letter.txt');
  writeFileSync(noDatabase, 'Dear reader, '.repeat(1_000));
  await assert.rejects(openSqliteStore({ file: noDatabase, sha256 }), codeIs('unreachable', /not a database/));
});

test('a file that may only be read is read; a write is refused with what to do, and nothing is lost', async (t) => {
  const place = join(folder, 'guarded');
  mkdirSync(place);
  const file = join(place, 'spillway.db');
  const before = await openSqliteStore({ file, sha256 });
  assert.equal((await before.commit(change)).is, 'committed');
  await before.close();
  for (const name of readdirSync(place)) chmodSync(join(place, name), 0o444);
  chmodSync(folder, 0o755);
  chmodSync(place, 0o777);
  const root = process.geteuid?.() === 0;
  // Who may do everything may write this file as well.
  if (root) process.seteuid?.(NOBODY);
  t.after(() => root && process.seteuid?.(0));
  const store = await openSqliteStore({ file, sha256 });
  const refused = codeIs('unwritable', /cannot be written.*Let the user it runs as write the database and its folder/);
  await assert.rejects(store.commit({ ...change, writes: [{ ...change.writes[0], key: 'later' }] }), refused);
  assert.equal((await store.read('default', 'flags', 'checkout'))?.version, 1);
  assert.equal((await store.entries('default', { limit: 10 })).length, 1);
  await store.close();
});

test('a closed store has answered all it took, and answers nothing more', async () => {
  const file = join(folder, 'closing.db');
  const store = await openSqliteStore({ file, sha256 });
  const last = store.commit(change);
  await Promise.all([store.close(), store.close()]);
  assert.equal((await last).is, 'committed');
  const closed = codeIs('closed', /closed/);
  await assert.rejects(store.read('default', 'flags', 'checkout'), closed);
  await assert.rejects(store.commit(change), closed);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('closing.db')),
    ['closing.db', 'closing.db-owner'],
  );
});

test('what was counted of one flag is found without a look at all others', async () => {
  const file = join(folder, 'counts.db');
  const store = await openSqliteStore({ file, sha256 });
  const writer = new DatabaseSync(file);
  // Half a million counts: a look at all of them takes 40 ms and more.
  writer.exec(`
    WITH RECURSIVE hours(hour) AS (SELECT 0 UNION ALL SELECT hour + 1 FROM hours WHERE hour < 499),
      flags(flag) AS (SELECT 0 UNION ALL SELECT flag + 1 FROM flags WHERE flag < 999)
    INSERT INTO evaluation_counts (project, flag, environment, hour_ms, variant, reason, evaluations, last_ms)
    SELECT 'default', 'flag-' || flag, 'production', hour * 3600000, 'on', 'STATIC', 1, hour * 3600000 FROM hours, flags`);
  writer.close();
  const { observations } = store;
  const span = { from_ms: 0, since_ms: 3_600_000 };
  for (const [what, ask] of Object.entries({
    hours: () => observations.hours('default', 'flag-7', 0),
    parts: () => observations.inParts('default', ['flag-7', 'flag-8'], { since_ms: 0, part_ms: 3_600_000 }),
    used: () => observations.used('default', ['flag-7', 'flag-8'], span),
  })) {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const started = process.threadCpuUsage();
      await ask();
      const { user, system } = process.threadCpuUsage(started);
      times.push((user + system) / 1_000);
    }
    assert.ok(Math.min(...times) < 15, `${what}: ${times} ms`);
  }
  const [used] = await observations.used('default', ['flag-7'], span);
  assert.deepEqual([used?.evaluations, used?.last_ms], [499, 499 * 3_600_000]);
  await store.close();
});
