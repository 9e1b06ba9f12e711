import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Commit, Fence, Store, Write } from '@spillway/control/ports';
import { NOUNS, verifyChain } from '@spillway/core';
import { postgresForTests } from '@spillway/tests/postgres';
import { sha256 } from './contract.ts';
import { createMemoryStore } from './memory/memory-store.ts';
import { openPostgresStore } from './postgres/postgres-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const ROUNDS = 400;
const MAX_ROUNDS = 4 * ROUNDS;

/** What has to have happened before agreement means anything. */
const EVENTS = [
  'commit committed',
  'commit repeated',
  'commit stale',
  'commit stale without actual',
  'commit fenced',
  'commit under a fence committed',
  'commit threw',
  'delete committed',
  'read found',
  'read nothing',
  'list found',
  'list nothing',
  'past list found',
  'past list nothing',
  'moment found',
  'moment before all',
  'times found',
  'times nothing',
  'entries found',
  'entries nothing',
  'head of a log',
  'head of an empty log',
  'lease held',
  'lease taken',
  'release done',
  'chunks put',
  'chunks found',
  'chunks nothing',
] as const;
type Event = (typeof EVENTS)[number];

interface Operation {
  readonly run: (store: Store) => Promise<unknown>;
  readonly event: (answer: unknown) => Event;
}

const folder = mkdtempSync(join(tmpdir(), 'spillway-differential-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const postgres = await postgresForTests();

test(`SQLite answers every operation as the oracle does (SEED=${seed})`, async () => {
  await compare(await openSqliteStore({ file: join(folder, 'differential.db'), sha256 }));
});

test(`PostgreSQL answers every operation as the oracle does (SEED=${seed})`, { skip: postgres.skip }, async () => {
  await compare(await openPostgresStore({ url: await postgres.database(), sha256 }));
});

async function compare(subject: Store): Promise<void> {
  const oracle = createMemoryStore({ sha256 });
  const random = mulberry32(seed);
  const seen = new Set<Event>();
  let rounds = 0;
  while (rounds < ROUNDS || (seen.size < EVENTS.length && rounds < MAX_ROUNDS)) {
    rounds += 1;
    const operations = await nextOperations(oracle, random);
    // Sent in one turn, so that the subject groups them; both must answer as if they came one after the other.
    const expected = await answersOf(oracle, operations);
    const actual = await answersOf(subject, operations);
    assert.deepEqual(actual, expected, `round ${rounds}`);
    for (const [index, { event }] of operations.entries()) seen.add(event(expected[index]));
  }
  for (const project of PROJECTS) {
    const log = await subject.entries(project, { limit: 10_000 });
    assert.deepEqual(log, await oracle.entries(project, { limit: 10_000 }));
    assert.equal(verifyChain(log, sha256).is, 'intact');
  }
  await subject.close();
  assert.deepEqual(
    EVENTS.filter((event) => !seen.has(event)),
    [],
    `never happened in ${rounds} rounds`,
  );
}

function answersOf(store: Store, operations: readonly Operation[]): Promise<readonly unknown[]> {
  return Promise.all(operations.map(({ run }) => run(store).catch((fault: unknown) => ({ threw: String(fault) }))));
}

type Random = (below: number) => number;

const PROJECTS = ['default', 'other', 'never-written'];
const KEYS = ['a', 'b', 'a-b', 'a_b', 'a.b'];
const LEASES = ['rollout-1', 'rollout-2'];
const HOLDERS = ['one', 'two'];
const MAX_GROUP = 6;
const NEVER_HAPPENED = Number.MAX_SAFE_INTEGER;

/** Reads come alone: only commits promise to be answered in the order they were made. */
async function nextOperations(oracle: Store, random: Random): Promise<readonly Operation[]> {
  if (random(10) >= 5) return [readOrLease(random)];
  const commits: Operation[] = [];
  for (let left = random(MAX_GROUP); left >= 0; left -= 1)
    commits.push(commitOperation(await nextCommit(oracle, random)));
  return commits;
}

function readOrLease(random: Random): Operation {
  const project = pick(random, PROJECTS);
  const noun = pick(random, NOUNS.slice(0, 2));
  const key = pick(random, KEYS);
  const limit = random(5) + 1;
  const found = (what: 'list' | 'past list' | 'entries') => (answer: unknown) =>
    Array.isArray(answer) && answer.length > 0 ? (`${what} found` as const) : (`${what} nothing` as const);
  switch (random(10)) {
    case 8:
    case 9:
      return chunkOperation(random, project);
    case 0: {
      const event = (answer: unknown): Event => (answer === undefined ? 'read nothing' : 'read found');
      return { run: (store) => store.read(project, noun, key), event };
    }
    case 1: {
      const page = { limit, ...(random(2) === 0 ? {} : { after: key }) };
      return { run: (store) => store.list(project, noun, page), event: found('list') };
    }
    case 2: {
      const filter = {
        limit,
        ...(random(2) === 0 ? {} : { after: random(60) }),
        ...(random(2) === 0 ? {} : { before: random(200) }),
        ...(random(3) === 0 ? { noun } : {}),
        ...(random(3) === 0 ? { key } : {}),
        ...(random(2) === 0 ? { newest_first: true } : {}),
      };
      return { run: (store) => store.entries(project, filter), event: found('entries') };
    }
    case 3: {
      const event = (answer: unknown): Event => (isAt(answer, 'seq', 0) ? 'head of an empty log' : 'head of a log');
      return { run: (store) => store.head(project), event };
    }
    case 4: {
      const page = { limit, ...(random(2) === 0 ? {} : { after: key }) };
      const seq = random(200);
      return { run: (store) => store.listAt(project, noun, seq, page), event: found('past list') };
    }
    case 5: {
      if (random(2) === 0) {
        const seqs = Array.from({ length: random(4) }, () => random(200));
        const event = (answer: unknown): Event =>
          answer instanceof Map && answer.size > 0 ? 'times found' : 'times nothing';
        return { run: (store) => store.timesOf(project, seqs), event };
      }
      const at_ms = random(1_100) - 50;
      const event = (answer: unknown): Event => (answer === 0 ? 'moment before all' : 'moment found');
      return { run: (store) => store.seqAt(project, at_ms), event };
    }
    default:
      return leaseOperation(random);
  }
}

/** Read answers in any order; what was put twice keeps its first text. */
function chunkOperation(random: Random, project: string): Operation {
  const digests = Array.from({ length: random(4) }, () => sha256(`${random(60)}`));
  if (random(2) === 0) {
    const chunks = [...new Set(digests)].map((digest) => ({ digest, text: `${random(9)}` }));
    return { run: (store) => store.chunks.put(project, chunks), event: () => 'chunks put' };
  }
  return {
    run: async (store) => {
      const read = await store.chunks.read(project, digests);
      return [...read].sort((one, other) => (one.digest < other.digest ? -1 : 1));
    },
    event: (answer) => (Array.isArray(answer) && answer.length > 0 ? 'chunks found' : 'chunks nothing'),
  };
}

function leaseOperation(random: Random): Operation {
  const [lease, holder] = [pick(random, LEASES), pick(random, HOLDERS)];
  if (random(4) === 0) return { run: (store) => store.releaseLease(lease, holder), event: () => 'release done' };
  const [now, duration] = [random(1_000), random(200) + 1];
  const event = (answer: unknown): Event => (isAt(answer, 'is', 'held') ? 'lease held' : 'lease taken');
  return { run: (store) => store.acquireLease(lease, holder, now, duration), event };
}

async function nextCommit(oracle: Store, random: Random): Promise<Commit> {
  const project = pick(random, PROJECTS.slice(0, 2));
  const writes: Write[] = [];
  for (let left = random(4); left > 0; left -= 1) writes.push(await nextWrite(oracle, project, random));
  const fence: Fence = { lease: pick(random, LEASES), fencing: random(8) };
  return {
    ...{ project, at_ms: random(1_000), actor: pick(random, HOLDERS), reason: '', writes },
    ...(random(4) === 0 ? { idempotency_key: `key-${random(40)}` } : {}),
    ...(random(5) === 0 ? { fence } : {}),
  };
}

async function nextWrite(oracle: Store, project: string, random: Random): Promise<Write> {
  const [noun, key] = [pick(random, NOUNS.slice(0, 2)), pick(random, KEYS)];
  const version = (await oracle.read(project, noun, key))?.version ?? 0;
  // Mostly what is there; sometimes what a commit before it in its group will have made, or something wrong.
  const expected = [version, version, version, version, version + 1, 0, NEVER_HAPPENED][random(7)] ?? version;
  const after =
    random(5) === 0 ? null : { z: random(100) / 7, a: 'ключ 🙂'.repeat(random(3)), list: [random(2) === 0] };
  return {
    noun,
    key,
    expected,
    after,
    action: 'document.written',
    ...(random(3) === 0 ? { because: [random(9)] } : {}),
  };
}

function commitOperation(commit: Commit): Operation {
  const deletes = commit.writes.some(({ after }) => after === null);
  return {
    run: (store) => store.commit(commit),
    event(answer) {
      if (isAt(answer, 'is', 'repeated')) return 'commit repeated';
      if (isAt(answer, 'is', 'fenced')) return 'commit fenced';
      if (isAt(answer, 'is', 'stale')) {
        return isAt(answer, 'actual', undefined) ? 'commit stale without actual' : 'commit stale';
      }
      if (!isAt(answer, 'is', 'committed')) return 'commit threw';
      if (commit.fence !== undefined) return 'commit under a fence committed';
      return deletes ? 'delete committed' : 'commit committed';
    },
  };
}

function isAt(answer: unknown, name: string, value: unknown): boolean {
  return typeof answer === 'object' && answer !== null && Reflect.get(answer, name) === value;
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  assert.ok(item !== undefined);
  return item;
}

/** Tommy Ettinger's generator: small, and the same on every machine. */
function mulberry32(start: number): Random {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
