import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@spillway/contract/client';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import { type FleetMessage, type FleetOrder, monotonicMs } from './propagation/fleet.ts';
import { percentile } from './propagation/percentile.ts';

/** From the request that changes a flag to every connected SDK evaluating the new value, the durable write included. */
const AIMS = { p99MaxMs: 50 } as const;
const DEFAULT_CLIENTS = 100;
const CHANGES = 300;
const WARM_UP = 20;
const PAUSE_MS = 10;
const ROUND_TIMEOUT_MS = 10_000;
const FLAG = 'propagated';
const ENVIRONMENT = 'production';

interface Report {
  readonly machine: { readonly processors: number; readonly model: string; readonly node: string };
  readonly clients: number;
  readonly changes: number;
  /** Request sent → value evaluated, over all SDKs and changes. */
  readonly seen_ms: Spread;
  /** Request sent → the last SDK of each change. */
  readonly last_seen_ms: Spread;
  /** Request sent → its answer: what the durable write and the API cost by themselves. */
  readonly answered_ms: Spread;
  readonly missed: readonly string[];
}

interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export async function run(options: { json: boolean; check: boolean; args: readonly string[] }): Promise<number> {
  const clients = clientsOf(options.args);
  const report = await measure(clients);
  if (options.json) console.log(JSON.stringify(report, undefined, 2));
  else print(report);
  for (const missed of options.check ? report.missed : []) console.error(`missed: ${missed}`);
  return options.check && report.missed.length > 0 ? 1 : 0;
}

function clientsOf(args: readonly string[]): number {
  const at = args.indexOf('--clients');
  const count = at < 0 ? DEFAULT_CLIENTS : Number(args[at + 1]);
  if (Number.isInteger(count) && count > 0 && count <= 10_000) return count;
  throw new Error('--clients takes a whole number from 1 to 10000');
}

async function measure(clients: number): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const server = await startControlPlane(directory, 'error');
  const fleet = fork(join(import.meta.dirname, 'propagation/fleet.ts'));
  try {
    const admin = createClient({ baseUrl: server.url, token: ADMIN_TOKEN });
    const sdkKey = await prepare(admin);
    const order: FleetOrder = { url: server.url, sdkKey, flag: FLAG, clients };
    fleet.send(order);
    await message(fleet, 'connected', 60_000);
    return await rounds(admin, fleet, clients);
  } finally {
    fleet.kill('SIGKILL');
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function prepare(admin: Client): Promise<string> {
  const flag = await admin.call('createFlag', {
    query: { reason: 'benchmark' },
    body: {
      key: FLAG,
      type: 'string',
      variants: variantNames().map((name) => ({ name, value: name })),
      environments: { [ENVIRONMENT]: { enabled: true, off_variant: 'v0', fallthrough: { variant: 'v0' } } },
    },
  });
  if (!flag.ok) throw new Error(flag.problem.detail);
  const token = await admin.call('createToken', { body: { name: 'fleet', kind: 'sdk', environment: ENVIRONMENT } });
  if (!token.ok) throw new Error(token.problem.detail);
  return token.value.secret;
}

const VARIANTS = 50;

function variantNames(): string[] {
  return Array.from({ length: VARIANTS }, (_, index) => `v${index}`);
}

async function rounds(admin: Client, fleet: ChildProcess, clients: number): Promise<Report> {
  const seen: number[] = [];
  const last: number[] = [];
  const answered: number[] = [];
  for (let round = 1; round <= WARM_UP + CHANGES; round++) {
    const arrived = message(fleet, 'seen', ROUND_TIMEOUT_MS);
    const start = monotonicMs();
    const change = await admin.call('updateFlagEnvironment', {
      params: { key: FLAG, environment: ENVIRONMENT },
      query: { reason: 'benchmark' },
      body: { fallthrough: { variant: `v${round % VARIANTS}` } },
    });
    const end = monotonicMs();
    if (!change.ok) throw new Error(change.problem.detail);
    const times = (await arrived).at_ms.map((at) => at - start);
    if (times.length !== clients) throw new Error(`${times.length} of ${clients} SDKs saw change ${round}`);
    if (round > WARM_UP) {
      seen.push(...times);
      last.push(Math.max(...times));
      answered.push(end - start);
    }
    await sleep(PAUSE_MS);
  }
  return report(clients, seen, last, answered);
}

type Received<K extends FleetMessage['is']> = Extract<FleetMessage, { is: K }>;

function message<K extends FleetMessage['is']>(fleet: ChildProcess, is: K, withinMs: number): Promise<Received<K>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`the fleet did not say "${is}" in ${withinMs} ms`)), withinMs);
    const ended = () => finish(new Error('the fleet ended'));
    const finish = (outcome: Received<K> | Error) => {
      clearTimeout(timer);
      fleet.off('message', listen).off('exit', ended);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const listen = (received: FleetMessage) => {
      if (received.is === is) finish(received as Received<K>);
    };
    fleet.on('message', listen).once('exit', ended);
  });
}

function report(clients: number, seen: number[], last: number[], answered: number[]): Report {
  const seenMs = spread(seen);
  const missed = seenMs.p99 <= AIMS.p99MaxMs ? [] : [`p99 ${seenMs.p99} ms, aim ${AIMS.p99MaxMs} ms`];
  return {
    machine: { processors: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version },
    clients,
    changes: CHANGES,
    seen_ms: seenMs,
    last_seen_ms: spread(last),
    answered_ms: spread(answered),
    missed,
  };
}

function spread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) };
}

function print(done: Report): void {
  console.log(`${done.changes} changes to ${done.clients} connected SDKs, durable write included (ms)`);
  console.log('                                      p50      p99      max');
  const row = (name: string, { p50, p99, max }: Spread) =>
    console.log(name.padEnd(34) + [p50, p99, max].map((value) => value.toFixed(2).padStart(9)).join(''));
  row('request sent → answered', done.answered_ms);
  row('request sent → an SDK evaluates it', done.seen_ms);
  row('request sent → the last SDK does', done.last_seen_ms);
}
