import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@spillway/control/ports';
import { verifyChain } from '@spillway/core';
import { openPostgresStore, openSqliteStore } from '@spillway/stores';
import { postgresForTests } from '@spillway/tests/postgres';

const MEASURED_MS = 2_000;
const WARM_UP_MS = 300;
const AT_ONCE = [1, 64] as const;
const PERCENT = 100;
/** Group commit is worth its code only if many at once are clearly cheaper than one by one. */
const GROUPED_FACTOR_MIN = 2;

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

interface Row {
  readonly store: string;
  readonly at_once: number;
  readonly commits_per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** Durable commits of one small document each: one by one, and many at once sharing transactions. */
export async function run({ json, check }: { json: boolean; check: boolean }): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-storage-'));
  const postgres = await postgresForTests({ durable: true });
  const rows: Row[] = [];
  try {
    rows.push(...(await measureStore('SQLite', await openSqliteStore({ file: join(folder, 'bench.db'), sha256 }))));
    if (postgres.skip === false) {
      const url = await postgres.database();
      rows.push(...(await measureStore('PostgreSQL', await openPostgresStore({ url, sha256 }))));
    } else console.error(`PostgreSQL is left out: ${postgres.skip}`);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  print(rows, json);
  return check ? missed(rows, postgres.skip) : 0;
}

async function measureStore(name: string, store: Store): Promise<readonly Row[]> {
  const rows: Row[] = [];
  try {
    for (const atOnce of AT_ONCE) {
      await commitFor(store, `warm-${atOnce}`, atOnce, WARM_UP_MS);
      const started = performance.now();
      const took = await commitFor(store, `at-${atOnce}`, atOnce, MEASURED_MS);
      const seconds = (performance.now() - started) / 1_000;
      rows.push({
        store: name,
        at_once: atOnce,
        commits_per_second: Math.round(took.length / seconds),
        p50_ms: percentile(took, 50),
        p99_ms: percentile(took, 99),
      });
    }
    const newest = await store.entries('default', { newest_first: true, limit: 1_000 });
    const [oldest, ...rest] = newest.toReversed();
    if (oldest === undefined || verifyChain(rest, sha256, oldest).is !== 'intact')
      throw new Error(`${name}: chain broken`);
  } finally {
    await store.close();
  }
  return rows;
}

/** Milliseconds each commit took, over writers that go on as soon as they are answered. */
async function commitFor(store: Store, name: string, writers: number, durationMs: number): Promise<number[]> {
  const took: number[] = [];
  const until = performance.now() + durationMs;
  async function writer(key: string): Promise<void> {
    for (let version = 0; performance.now() < until; version += 1) {
      const after = {
        enabled: version % 2 === 0,
        share: version,
        description: 'A flag of the usual size, more or less.',
      };
      const write = { noun: 'flags', key, expected: version, after, action: 'flag.updated' } as const;
      const started = performance.now();
      const { is } = await store.commit({
        ...{ project: 'default', at_ms: version, actor: 'user:bench', reason: 'to measure', writes: [write] },
      });
      if (is !== 'committed') throw new Error(`a commit was ${is}`);
      took.push(performance.now() - started);
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, index) => writer(`${name}-${index}`)));
  return took;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / PERCENT))] ?? 0;
  return Math.round(value * PERCENT) / PERCENT;
}

function print(rows: readonly Row[], json: boolean): void {
  const machine = {
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    load: loadavg()[0]?.toFixed(1),
  };
  if (json) {
    console.log(JSON.stringify({ machine, durable_commits: rows }, undefined, 2));
    return;
  }
  console.log(
    `Durable commits, one document each · ${machine.processors} × ${machine.model}, Node ${machine.node}, load ${machine.load}`,
  );
  console.table(rows);
}

function missed(rows: readonly Row[], skip: string | false): number {
  const faults = skip === false ? [] : ['PostgreSQL was not measured'];
  for (const many of rows.filter((row) => row.at_once > 1)) {
    const single = rows.find((row) => row.store === many.store && row.at_once === 1);
    const factor = single === undefined ? 0 : many.commits_per_second / single.commits_per_second;
    if (factor < GROUPED_FACTOR_MIN)
      faults.push(`${many.store}: ${many.at_once} at once are only ${factor.toFixed(1)} times one by one`);
  }
  for (const fault of faults) console.error(`missed: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}
