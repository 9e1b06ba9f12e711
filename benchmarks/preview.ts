import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@spillway/contract/client';
import { exitCode } from './aims/exit-code.ts';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import { CONTEXTS, collectContexts, ENVIRONMENT } from './preview/contexts.ts';
import { FLAG, premiumAbove, prepareFlags, SEGMENT, state } from './preview/flags.ts';
import { watchHealth } from './preview/watch.ts';
import { percentile } from './propagation/percentile.ts';

/** What a preview of 10,000 stored contexts is to take at most, and for how long others may have to wait meanwhile. */
const AIMS = { flagMs: 1_000, othersWaitMs: 50 } as const;
const TIMES = 10;

interface Row {
  readonly preview: string;
  readonly first_ms: number;
  readonly p50_ms: number;
  readonly longest_ms: number;
  /** Of the health answers that came meanwhile, the longest. */
  readonly others_wait_ms: number;
}

/** Previews over HTTP, asked of the server's own process, and what other requests feel of them. */
export async function run({ json, check }: { json: boolean; check: boolean }): Promise<number> {
  const rows = await measure();
  if (json) console.log(JSON.stringify({ contexts: CONTEXTS, previews: rows, aims: AIMS }, undefined, 2));
  else {
    console.log(`Previews of ${CONTEXTS} stored contexts, Node ${process.version}`);
    console.table(rows);
  }
  const faults = rows.flatMap(({ preview, longest_ms, others_wait_ms }) => [
    ...(longest_ms > AIMS.flagMs ? [`${preview} took ${longest_ms} ms`] : []),
    ...(others_wait_ms > AIMS.othersWaitMs ? [`others waited ${others_wait_ms} ms for ${preview}`] : []),
  ]);
  return exitCode(faults, { check });
}

async function measure(): Promise<readonly Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const plane = await startControlPlane(directory, 'error');
  try {
    const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
    await prepareFlags(admin);
    await collectContexts(admin, plane.url);
    return [
      await timed('a flag that 50 others require', plane.url, () => previewFlag(admin, FLAG)),
      await timed('a flag', plane.url, () => previewFlag(admin, 'flag-299')),
      await timed('a segment that 100 flags use', plane.url, () => previewSegment(admin)),
    ];
  } finally {
    await plane.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function timed(preview: string, url: string, ask: () => Promise<void>): Promise<Row> {
  const watch = watchHealth(url);
  const took: number[] = [];
  for (let index = 0; index < TIMES; index += 1) {
    const started = performance.now();
    await ask();
    took.push(performance.now() - started);
  }
  const { longest_ms } = await watch.end();
  const [first_ms] = took.map(Math.round);
  const sorted = took.toSorted((one, other) => one - other);
  return {
    preview,
    first_ms: first_ms ?? Number.NaN,
    p50_ms: percentile(sorted, 0.5),
    longest_ms: percentile(sorted, 1),
    others_wait_ms: percentile([longest_ms], 1),
  };
}

async function previewFlag(admin: Client, key: string): Promise<void> {
  const body = { environment: ENVIRONMENT, update: state(40) };
  const answer = await admin.call('previewFlag', { params: { key }, body });
  if (!answer.ok) throw new Error(answer.problem.detail);
  const { contexts, changed } = answer.value.environments[ENVIRONMENT] ?? {};
  if (contexts !== CONTEXTS || changed === 0) throw new Error(`${changed} of ${contexts} contexts changed`);
}

async function previewSegment(admin: Client): Promise<void> {
  const body = { environment: ENVIRONMENT, segment: premiumAbove(40) };
  const answer = await admin.call('previewSegment', { params: { key: SEGMENT }, body });
  if (!answer.ok) throw new Error(answer.problem.detail);
  const { members, flags = {} } = answer.value.environments[ENVIRONMENT] ?? {};
  if (members?.left === 0 || Object.keys(flags).length !== 100) throw new Error('the segment was not tried');
}
