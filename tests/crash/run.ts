import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient } from '@spillway/contract/client';
import { startSpillway, temporaryDirectory } from '../../apps/server/src/start-testing.ts';
import { answered, ENVIRONMENT, type ReleaseResult, release, SERVICE } from './releases.ts';
import { seededRandom } from './seeded-random.ts';
import { startTraffic } from './traffic.ts';
import { lostWrites, startWrites } from './writes.ts';

/**
 * `npm run crash-test -- --kills 50 [--seed N] [--json]`: the control plane is killed with SIGKILL at random moments of
 * running canaries under traffic. Exits non-zero when anything that was promised did not hold.
 */
const MAX_KILLS = 1_000;
const MAX_GAP_MS = 2_500;
const BACK_TIMEOUT_MS = 20_000;

interface Report {
  readonly seed: number;
  readonly kills: number;
  readonly back_ms: { readonly p50: number; readonly max: number };
  readonly releases: {
    readonly promoted: number;
    readonly rolled_back: number;
    readonly wrong: readonly ReleaseResult[];
  };
  readonly requests: {
    readonly total: number;
    readonly failed_by_app: number;
    readonly failed_otherwise: number;
    readonly first: readonly string[];
  };
  readonly writes: { readonly acknowledged: number; readonly unanswered: number; readonly lost: readonly string[] };
  readonly chain: { readonly is: string; readonly entries?: number; readonly problem?: string };
  readonly took_s: number;
  readonly held: boolean;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '50' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const kills = Number(values.kills);
  if (!Number.isInteger(kills) || kills < 1 || kills > MAX_KILLS) throw new Error(`--kills takes 1 to ${MAX_KILLS}`);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  console.error(`seed ${seed}`);
  const report = await crash(kills, seed);
  if (values.json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  return report.held ? 0 : 1;
}

async function crash(kills: number, seed: number): Promise<Report> {
  const started = performance.now();
  const directory = temporaryDirectory();
  const spillway = await startSpillway(directory.path);
  try {
    const file: { readonly token: string } = JSON.parse(readFileSync(join(directory.path, 'client.json'), 'utf8'));
    const client = createClient({ baseUrl: spillway.url, token: file.token, timeoutMs: 5_000 });
    await answered(() => client.call('putService', { params: { environment: ENVIRONMENT, key: SERVICE }, body: {} }));
    const first = await release(client, { key: 'release-0', version: 'v0', broken: false }, undefined);
    const traffic = startTraffic(spillway.gateway_url);
    const writes = startWrites(client);
    const killer = startKiller(directory.path, spillway.url, kills, seed);
    const results = [first];
    while (!killer.finished() || results.length < 3) {
      const number = results.length;
      const live = results.findLast((result) => !result.broken)?.version;
      const result = await release(
        client,
        { key: `release-${number}`, version: `v${number}`, broken: number % 2 === 0 },
        live,
      );
      results.push(result);
      console.error(
        `${result.key}: ${result.correct ? 'as it should be' : 'WRONG'} (${result.status}), ${killer.backMs.length} kills`,
      );
    }
    await killer.done;
    await Promise.all([traffic.stop(), writes.stop()]);
    const lost = await lostWrites(client, writes.acknowledged);
    const chain = await answered(() => client.call('verifyChanges', {}));
    const wrong = results.filter((result) => !result.correct);
    const back = killer.backMs.toSorted((a, b) => a - b);
    return {
      seed,
      kills: back.length,
      back_ms: { p50: back[Math.floor(back.length / 2)] ?? 0, max: back.at(-1) ?? 0 },
      releases: {
        promoted: results.filter((result) => result.status === 'succeeded').length,
        rolled_back: results.filter((result) => result.status === 'rolled_back').length,
        wrong,
      },
      requests: {
        total: traffic.count.requests,
        failed_by_app: traffic.count.failedByApp,
        failed_otherwise: traffic.count.failedOtherwise,
        first: traffic.count.firstFailures,
      },
      writes: { acknowledged: writes.acknowledged.length, unanswered: writes.unanswered(), lost },
      chain,
      took_s: Math.round((performance.now() - started) / 1000),
      held:
        wrong.length === 0 &&
        traffic.count.failedOtherwise === 0 &&
        lost.length === 0 &&
        chain.is === 'intact' &&
        back.length === kills,
    };
  } finally {
    await spillway.stop();
    directory.remove();
  }
}

/** Kills the control plane's process by its id, waits until its successor answers, and again after a random while. */
function startKiller(directory: string, url: string, kills: number, seed: number) {
  const random = seededRandom(seed);
  const backMs: number[] = [];
  const run = async () => {
    while (backMs.length < kills) {
      await sleep(random() * MAX_GAP_MS);
      const pid = Number(readFileSync(join(directory, 'control.lock.pid'), 'utf8'));
      process.kill(pid, 'SIGKILL');
      const killed = performance.now();
      await untilReady(url);
      backMs.push(Math.round(performance.now() - killed));
    }
  };
  let over = false;
  const done = run().finally(() => {
    over = true;
  });
  return { backMs, done, finished: () => over };
}

async function untilReady(url: string): Promise<void> {
  const started = performance.now();
  for (;;) {
    // The killed process may still be answering its last request; only a refused connection or a new answer count.
    await sleep(25);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() - started > BACK_TIMEOUT_MS) throw new Error(`no control plane within ${BACK_TIMEOUT_MS} ms`);
  }
}

function print(report: Report): void {
  const rows: [string, string][] = [
    ['kills', `${report.kills}, back after ${report.back_ms.p50} ms (median), ${report.back_ms.max} ms at most`],
    [
      'rollouts',
      `${report.releases.promoted} promoted, ${report.releases.rolled_back} rolled back, ${report.releases.wrong.length} ended wrongly`,
    ],
    [
      'requests',
      `${report.requests.total}, ${report.requests.failed_by_app} failed by the application itself, ${report.requests.failed_otherwise} failed otherwise`,
    ],
    [
      'writes',
      `${report.writes.acknowledged} acknowledged, ${report.writes.lost.length} of them lost, ${report.writes.unanswered} unanswered`,
    ],
    [
      'chain',
      report.chain.is === 'intact' ? `intact over ${report.chain.entries} entries` : `BROKEN: ${report.chain.problem}`,
    ],
    ['time', `${report.took_s} s`],
  ];
  for (const [name, text] of rows) console.log(`${name.padEnd(10)}${text}`);
  for (const line of report.requests.first) console.log(`  ${line}`);
  for (const wrong of report.releases.wrong) console.log(`  ${JSON.stringify(wrong)}`);
  console.log(report.held ? 'Everything held.' : `Something did not hold. Again with --seed ${report.seed}`);
}

process.exitCode = await main();
