import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Commit, Store } from '@spillway/control/ports';
import { type ChainTip, GENESIS, type LogEntry, verifyChain } from '@spillway/core';
import { postgresForTests } from '@spillway/tests/postgres';
import { Client } from 'pg';
import { describeStore, sha256 } from '../contract.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { StoreError } from '../store-error.ts';
import { openPostgresStore } from './postgres-store.ts';

const postgres = await postgresForTests();
const { skip } = postgres;

describeStore('PostgreSQL', async () => openPostgresStore({ url: await postgres.database(), sha256 }), { skip });

function change(key: string, expected: number, at_ms = 1): Commit {
  const write = { noun: 'flags', key, expected, after: { expected }, action: 'flag.updated' } as const;
  return { project: 'default', at_ms, actor: 'user:ada', reason: '', writes: [write] };
}

async function query(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function codeIs(code: StoreError['code'], message: RegExp) {
  return (fault: unknown): boolean => {
    assert.ok(fault instanceof StoreError, String(fault));
    assert.equal(fault.code, code);
    assert.match(fault.message, message);
    return true;
  };
}

/** Follows the log until it has `length` entries, asserting at every look that it grew by what comes next and nothing else. */
async function follow(store: Store, length: number, stop: AbortSignal): Promise<number> {
  let tip: ChainTip = GENESIS;
  let looks = 0;
  while (tip.seq < length) {
    stop.throwIfAborted();
    const page: readonly LogEntry[] = await store.entries('default', { after: tip.seq, limit: 50 });
    const verdict = verifyChain(page, sha256, tip);
    assert.ok(verdict.is === 'intact', JSON.stringify(verdict));
    tip = verdict.tip;
    looks += 1;
  }
  return looks;
}

test('two replicas commit at once, and a follower of the log misses nothing and sees no disorder', {
  skip,
}, async () => {
  const url = await postgres.database();
  const [one, other, reader] = await Promise.all([1, 2, 3].map(() => openPostgresStore({ url, sha256, poolSize: 4 })));
  assert.ok(one && other && reader);
  const ROUNDS = 40;
  const WRITERS = 8;
  const stop = new AbortController();
  const following = follow(reader, 2 * ROUNDS * WRITERS, stop.signal);
  async function writer(store: Store, name: string): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      assert.equal((await store.commit(change(name, round))).is, 'committed');
    }
  }
  const writers = Array.from({ length: WRITERS }, (_, index) => [
    writer(one, `one-${index}`),
    writer(other, `other-${index}`),
  ]);
  // A writer that fails ends the follower too, which would otherwise wait for entries that never come.
  const wrote = Promise.all(writers.flat()).catch((fault: unknown) => stop.abort(fault));
  const [looks] = await Promise.all([following, wrote]);
  assert.ok(looks > 1, 'the reader was looking while they wrote');
  await Promise.all([one.close(), other.close(), reader.close()]);
});

test('of two replicas that write the same document at once one wins each version', { skip }, async () => {
  const url = await postgres.database();
  const stores = await Promise.all([1, 2].map(() => openPostgresStore({ url, sha256 })));
  for (let version = 0; version < 20; version += 1) {
    const outcomes = await Promise.all(stores.map((store) => store.commit(change('contested', version))));
    assert.deepEqual(outcomes.map(({ is }) => is).sort(), ['committed', 'stale']);
  }
  await Promise.all(stores.map((store) => store.close()));
});

test('whoever is given a lease reads all that its last holder was allowed to write', { skip }, async () => {
  const url = await postgres.database();
  const [one, other] = await Promise.all([1, 2].map(() => openPostgresStore({ url, sha256 })));
  assert.ok(one && other);
  const lease = await one.acquireLease('rollout', 'one', 0, 500);
  assert.ok(lease.is === 'held');

  // Documents may be read but not written for a while: the commit stops after its fence was found good.
  const brake = new Client({ connectionString: url });
  await brake.connect();
  await brake.query('BEGIN; LOCK TABLE documents IN SHARE MODE');
  const late = one.commit({ ...change('late', 0, 499), fence: { lease: 'rollout', fencing: lease.fencing } });
  await waitingForLock(brake, 1);
  const taking = other.acquireLease('rollout', 'other', 500, 100);
  await waitingForLock(brake, 2);
  await brake.query('COMMIT');
  await brake.end();

  assert.deepEqual(await taking, { is: 'held', fencing: 2, until_ms: 600 });
  assert.ok(await other.read('default', 'flags', 'late'));
  assert.equal((await late).is, 'committed');
  await Promise.all([one.close(), other.close()]);
});

/** Resolves when so many sessions of this database wait for another; fails after a second. */
async function waitingForLock(client: Client, sessions: number): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (rows.length === sessions) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await client.end();
  assert.fail(`${sessions} sessions should have been waiting`);
}

test('starters at once migrate once, whatever collation the database has', { skip }, async () => {
  const url = await postgres.database();
  const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresStore({ url, sha256, poolSize: 1 })));
  await Promise.all(stores.map((store) => store.close()));
  await query(url, `DO $$ BEGIN ASSERT (SELECT count(*) FROM migrations) = ${MIGRATIONS.length}; END $$`);
});

test('a database of a newer version is refused', { skip }, async () => {
  const url = await postgres.database();
  await (await openPostgresStore({ url, sha256 })).close();
  await query(url, `INSERT INTO migrations VALUES (900, 'from-the-future')`);
  await assert.rejects(openPostgresStore({ url, sha256 }), codeIs('newer_schema', /has schema 900/));
});

test('a server that cannot be used is named without its password', { skip }, async () => {
  const wrong = new URL(await postgres.database());
  wrong.password = 'letmein';
  await assert.rejects(openPostgresStore({ url: wrong.href, sha256 }), (fault: unknown) => {
    codeIs('unreachable', /127\.0\.0\.1.*password authentication failed/)(fault);
    assert.doesNotMatch(String(fault), /letmein/);
    return true;
  });
  const nobody = 'postgres://user:letmein@127.0.0.1:1/none';
  await assert.rejects(
    openPostgresStore({ url: nobody, sha256 }),
    codeIs('unreachable', /127\.0\.0\.1:1\/none cannot be used/),
  );
});

test('a database that takes no writes says so, with what to do', { skip }, async () => {
  const url = await postgres.database();
  const store = await openPostgresStore({ url, sha256, poolSize: 1 });
  await store.commit(change('kept', 0));
  await query(url, `ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET default_transaction_read_only = on`);
  // Connections that are open already go on as they were.
  await query(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'spillway' AND datname = current_database()`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  await assert.rejects(
    store.commit(change('late', 0)),
    codeIs('unwritable', /cannot be written.*read-only.*takes writes/),
  );
  assert.equal((await store.read('default', 'flags', 'kept'))?.version, 1);
  await store.close();
});

test('a server that is full, slow or gone is told as such, and asked again as soon as it is back', {
  skip,
}, async () => {
  const url = await postgres.database();
  const patience = { connectMs: 300, statementMs: 900 };
  const store = await openPostgresStore({ url, sha256, poolSize: 1, patience });
  assert.equal((await store.commit(change('kept', 0))).is, 'committed');
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE documents IN ACCESS EXCLUSIVE MODE');
  const slow = assert.rejects(
    store.read('default', 'flags', 'kept'),
    codeIs('busy', /took too long.*what locks or loads/),
  );
  const full = assert.rejects(store.head('default'), codeIs('unreachable', /cannot be used.*timeout/));
  await Promise.all([slow, full]);
  await other.query('ROLLBACK');
  assert.equal((await store.read('default', 'flags', 'kept'))?.version, 1);
  await other.query('BEGIN; LOCK TABLE documents IN ACCESS EXCLUSIVE MODE');
  const cut = assert.rejects(store.read('default', 'flags', 'kept'), codeIs('unreachable', /cannot be used/));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const ours = "application_name = 'spillway' AND datname = current_database()";
  await query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ours}`);
  await cut;
  await other.end();
  assert.equal((await store.read('default', 'flags', 'kept'))?.version, 1);
  await store.close();
});

test('connections that the server ends are replaced, and what was acknowledged stays', { skip }, async () => {
  const url = await postgres.database();
  const lost: Error[] = [];
  const store = await openPostgresStore({ url, sha256, poolSize: 3, onConnectionLost: (fault) => lost.push(fault) });
  const acknowledged: string[] = [];
  let going = true;
  async function writer(name: string): Promise<void> {
    for (let round = 0; going; round += 1) {
      const key = `${name}-${round}`;
      // A commit may fail while its connection is cut; only what was answered counts.
      const outcome = await store.commit(change(key, 0)).catch(() => undefined);
      if (outcome?.is === 'committed') acknowledged.push(key);
    }
  }
  const writers = Promise.all(['a', 'b', 'c', 'd'].map(writer));
  for (let cut = 0; cut < 5; cut += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'spillway' AND datname = current_database()`,
    );
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  going = false;
  await writers;
  assert.ok(acknowledged.length > 0);
  for (const key of acknowledged) assert.ok(await store.read('default', 'flags', key), key);
  const log = await store.entries('default', { limit: 10_000 });
  assert.equal(verifyChain(log, sha256).is, 'intact');
  await store.close();
});
