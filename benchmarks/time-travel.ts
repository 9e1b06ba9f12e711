import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Control, createControl, type Store, type Write } from '@spillway/control';
import { defaultState, type Flag } from '@spillway/core';
import { openPostgresStore, openSqliteStore } from '@spillway/stores';
import { postgresForTests } from '@spillway/tests/postgres';
import pg from 'pg';
import { exitCode } from './aims/exit-code.ts';
import { percentile } from './propagation/percentile.ts';

/** The aim is that every past moment of a log of 100,000 changes is answered within a tenth of a second. */
const CHANGES = 100_000;
const LONGEST_ANSWER_MS = 100;
const FLAGS = 500;
const WRITES_PER_COMMIT = 500;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2020, 0, 1);
const QUESTIONS = 200;
const ENVIRONMENT = 'production';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

interface Row {
  readonly store: string;
  readonly question: 'one flag' | 'all flags';
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly longest_ms: number;
}

/** Evaluations as of random moments of a long log, on both stores, with the trace. */
export async function run({ json, check }: { json: boolean; check: boolean }): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-time-travel-'));
  const postgres = await postgresForTests();
  const rows: Row[] = [];
  try {
    const sqlite = await openSqliteStore({ file: join(folder, 'bench.db'), sha256 });
    rows.push(...(await measure('SQLite', sqlite, async () => undefined)));
    if (postgres.skip === false) {
      const url = await postgres.database();
      rows.push(...(await measure('PostgreSQL', await openPostgresStore({ url, sha256 }), () => analyse(url))));
    } else console.error(`PostgreSQL is left out: ${postgres.skip}`);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify({ changes: CHANGES, flags: FLAGS, past_evaluations: rows }, undefined, 2));
  else {
    console.log(`Evaluations as of random moments · ${CHANGES} changes of ${FLAGS} flags, Node ${process.version}`);
    console.table(rows);
  }
  const faults = rows
    .filter(({ longest_ms }) => longest_ms > LONGEST_ANSWER_MS)
    .map(({ store, question, longest_ms }) => `${store}: ${question} took ${longest_ms} ms`);
  if (postgres.skip !== false) faults.push('PostgreSQL was not measured');
  return exitCode(faults, { check });
}

/** What PostgreSQL does by itself to a log that grew over time, and has not done yet to one that was written in a minute. */
async function analyse(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ANALYZE');
  await client.end();
}

async function measure(name: string, store: Store, settle: () => Promise<void>): Promise<readonly Row[]> {
  // Makes the environments. The history is written past it, because nobody is to follow it meanwhile.
  const first = createControl({ ...PARTS, store });
  await first.start();
  await first.stop();
  await writeHistory(store);
  await settle();
  const control = createControl({ ...PARTS, store });
  try {
    await control.start();
    const rows: Row[] = [];
    for (const question of ['one flag', 'all flags'] as const) {
      const took: number[] = [];
      await ask(control, question, QUESTIONS);
      for (let index = 0; index < QUESTIONS; index += 1) {
        const started = performance.now();
        await ask(control, question, index);
        took.push(performance.now() - started);
      }
      took.sort((one, other) => one - other);
      const [p50_ms, p99_ms, longest_ms] = [percentile(took, 0.5), percentile(took, 0.99), percentile(took, 1)];
      rows.push({ store: name, question, p50_ms, p99_ms, longest_ms });
    }
    return rows;
  } finally {
    await control.stop();
    await store.close();
  }
}

async function ask(control: Control, question: Row['question'], index: number): Promise<void> {
  const principal = { kind: 'admin', project: 'default', name: 'bench', via: 'token' } as const;
  // Spread over the whole of the log, in no order.
  const at_ms = START_MS + ((index * 7_919 + 1) % CHANGES) * MINUTE_MS;
  const how = { environment: ENVIRONMENT, at_ms, trace: true };
  const context = { targetingKey: `user-${index}`, country: 'de' };
  const answer =
    question === 'one flag'
      ? await control.evaluation.one({ principal }, keyOf(index % FLAGS), context, how)
      : await control.evaluation.many({ principal }, context, how);
  if (!answer.ok) throw new Error(answer.refusal.message);
}

async function writeHistory(store: Store): Promise<void> {
  const versions = new Map<string, number>();
  for (let change = 0; change < CHANGES; change += WRITES_PER_COMMIT) {
    const writes = Array.from({ length: WRITES_PER_COMMIT }, (_, index): Write => {
      const key = keyOf((change + index) % FLAGS);
      const expected = versions.get(key) ?? 0;
      versions.set(key, expected + 1);
      return { noun: 'flags', key, expected, after: flagOf(key, expected), action: 'flag.updated' };
    });
    const at_ms = START_MS + change * MINUTE_MS;
    const { is } = await store.commit({ project: 'default', at_ms, actor: 'user:bench', reason: '', writes });
    if (is !== 'committed') throw new Error(`a commit was ${is}`);
  }
}

function keyOf(index: number): string {
  return `flag-${String(index).padStart(4, '0')}`;
}

function flagOf(key: string, version: number): Write['after'] {
  const variants = [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ];
  const state = defaultState({ key, variants });
  const rules = Array.from({ length: 5 }, (_, index) => ({
    id: `rule-${index}`,
    when: { attribute: 'country', operator: 'in', values: ['de', 'fr', 'it', `x${version}`] },
    serve: { variant: index % 2 === 0 ? 'on' : 'off' },
  }));
  const environments = { [ENVIRONMENT]: { ...state, enabled: version % 2 === 0, rules } };
  const described = { description: 'A flag of the usual size, more or less.', owner: 'team', tags: [], services: [] };
  const flag = { key, type: 'boolean', ...described, variants, lifecycle: 'active', environments } as unknown as Flag;
  return flag as unknown as Write['after'];
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

const PARTS = {
  clock,
  sha256,
  signatures: { hmacSha256: () => '', fromBase64url: () => '' },
  random: { id: () => randomUUID(), secret: () => randomUUID() },
  target: { async run() {}, async stop() {}, observe: async () => [] },
  router: { async apply() {}, observe: async () => undefined },
  metrics: { read: async () => ({ epoch: 'none', at_ms: 0, versions: {} }) },
  log: { info() {}, warn() {}, error() {} },
  project: 'default',
};
