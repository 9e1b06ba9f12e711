import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@spillway/contract/client';
import { startFaultProxy } from '../tests/scenarios/faults/fault-proxy.ts';
import { exitCode } from './aims/exit-code.ts';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import type { Usage } from './propagation/probe.ts';
import type { ApplicationOrder, Sample } from './soak/application.ts';
import { changeSoak, prepareSoak } from './soak/flags.ts';
import { type Slope, slopeOf } from './soak/slope.ts';

const DEFAULT_MINUTES = 12;
const CLIENTS = 4;
const EVALUATIONS_PER_SECOND = 250_000;
const FEWEST_EVALUATIONS = 1e8;
const SAMPLE_EVERY_MS = 5_000;
const CHANGE_EVERY_MS = 500;
const BREAK_EVERY_MS = 15_000;
/** At the start caches fill and code is compiled: that is no growth. */
const WARM_UP = 0.25;
const PROBE = ['--expose-gc', '--import', join(import.meta.dirname, 'propagation/probe.ts')];
/** The whole interval must lie above this share of the mean for each hour before it is called growth. */
const TOLERANCE_PER_HOUR = { heap: 0.05, resident: 0.2, sockets: 0.2, server_sockets: 0.2 } as const;

interface Report {
  readonly minutes: number;
  readonly evaluations: number;
  readonly changes_heard: number;
  readonly reconnects: number;
  /** Bytes, bytes and sockets; slopes are for an hour. The first two are the application's. */
  readonly heap: Slope;
  readonly resident: Slope;
  readonly sockets: Slope;
  readonly server_heap: Slope;
  readonly server_resident: Slope;
  readonly server_sockets: Slope;
  readonly missed: readonly string[];
}

type Point = Sample & { readonly server: Usage; readonly serverSockets: number };

export async function run(options: { json: boolean; check: boolean; args: readonly string[] }): Promise<number> {
  const at = options.args.indexOf('--minutes');
  const minutes = at < 0 ? DEFAULT_MINUTES : Number(options.args[at + 1]);
  if (!(minutes >= 1 && minutes <= 24 * 60)) throw new Error('--minutes takes a number from 1 to 1440');
  const points = await soak(minutes);
  const report = reportOf(points, minutes);
  if (options.json) console.log(JSON.stringify({ ...report, points }, undefined, 2));
  else print(report);
  return exitCode(report.missed, options);
}

/** An application and a control plane for so long, with changes, and a network that breaks between them. */
async function soak(minutes: number): Promise<readonly Point[]> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-soak-'));
  const plane = await startControlPlane(join(directory, 'plane'), 'error', { nodeArguments: PROBE });
  const proxy = await startFaultProxy(() => plane.url);
  const application = fork(join(import.meta.dirname, 'soak/application.ts'), { execArgv: ['--expose-gc'] });
  const points: Point[] = [];
  try {
    const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
    const order: ApplicationOrder = {
      ...{ url: proxy.url, sdkKey: await prepareSoak(admin), cacheFile: join(directory, 'cache.json') },
      ...{ clients: CLIENTS, evaluationsPerSecond: EVALUATIONS_PER_SECOND, sampleEveryMs: SAMPLE_EVERY_MS },
    };
    application.send(order);
    application.on('message', (sample: Sample) => {
      void lookAt(plane.process).then((server) => points.push({ ...sample, ...server }));
    });
    const end = performance.now() + minutes * 60_000;
    let broken = performance.now();
    for (let round = 1; performance.now() < end; round += 1) {
      if (application.exitCode !== null) throw new Error('the application has ended');
      await changeSoak(admin, round);
      if (performance.now() - broken > BREAK_EVERY_MS) {
        broken = performance.now();
        proxy.link('down');
        await sleep(CHANGE_EVERY_MS);
        proxy.link('up');
      }
      await sleep(CHANGE_EVERY_MS);
    }
    const ended = once(application, 'exit');
    application.send('end');
    await Promise.race([ended, sleep(10_000)]);
    return points;
  } finally {
    application.kill('SIGKILL');
    await proxy.close();
    await plane.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function lookAt(plane: ChildProcess) {
  const answered = once(plane, 'message');
  plane.send('usage');
  const [server] = (await answered) as [Usage];
  // Every open file of the process, where the system tells: sockets are what comes and goes of them.
  const open = await readdir(`/proc/${plane.pid}/fd`).catch(() => []);
  return { server, serverSockets: open.length };
}

function reportOf(points: readonly Point[], minutes: number): Report {
  const warm = points.slice(Math.floor(points.length * WARM_UP));
  const hours = warm.map(({ at_ms }) => at_ms / 3_600_000);
  const series = (of: (point: Point) => number) => slopeOf(hours, warm.map(of));
  const last = points.at(-1);
  const slopes = {
    heap: series(({ heap }) => heap),
    resident: series(({ resident }) => resident),
    sockets: series(({ sockets }) => sockets),
    server_heap: series(({ server }) => server.heap),
    server_resident: series(({ server }) => server.resident),
    server_sockets: series(({ serverSockets }) => serverSockets),
  };
  const evaluations = last?.evaluations ?? 0;
  const reconnects = (last?.readies ?? 0) - CLIENTS;
  const missed = (Object.keys(TOLERANCE_PER_HOUR) as (keyof typeof TOLERANCE_PER_HOUR)[])
    .filter((name) => slopes[name].low > slopes[name].mean * TOLERANCE_PER_HOUR[name])
    .map((name) => `${name} grows by ${Math.round(slopes[name].low)} an hour or more`);
  if (minutes >= 10 && evaluations < FEWEST_EVALUATIONS) missed.push(`${evaluations} evaluations, at least 1e8 wanted`);
  if (reconnects < 1) missed.push('no connection was lost and made again');
  return { minutes, evaluations, changes_heard: last?.changes ?? 0, reconnects, ...slopes, missed };
}

function print(report: Report): void {
  console.log(
    `${report.minutes} minutes: ${report.evaluations} evaluations by ${CLIENTS} clients, ${report.changes_heard} changes ` +
      `heard, ${report.reconnects} reconnects`,
  );
  console.log('after the first quarter              mean      an hour   (95 % of cases)');
  const row = (name: string, { mean, slope, low, high }: Slope, unit: number, digits: number) => {
    const [about, an, from, to] = [mean, slope, low, high].map((value) => (value / unit).toFixed(digits));
    console.log(`${name.padEnd(30)} ${String(about).padStart(10)} ${String(an).padStart(12)}   (${from} to ${to})`);
  };
  row('application: heap, MB', report.heap, 1e6, 3);
  row('application: resident, MB', report.resident, 1e6, 2);
  row('application: sockets', report.sockets, 1, 2);
  row('control plane: heap, MB', report.server_heap, 1e6, 3);
  row('control plane: resident, MB', report.server_resident, 1e6, 2);
  row('control plane: open files', report.server_sockets, 1, 2);
}
