import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@spillway/contract/client';
import { ADMIN_TOKEN, startControlPlane } from '../control-plane/start.ts';
import { changeFlag, ENVIRONMENT, FLAG, prepareFlag } from './flag.ts';
import { type FleetMessage, type FleetOrder, monotonicMs } from './fleet.ts';
import { message } from './message.ts';
import { row, type Spread, spreadOf } from './spread.ts';

/** From the request that changes a flag to every connected SDK evaluating the new value, the durable write included. */
const AIMS = { p99MaxMs: 50 } as const;
const CHANGES = 300;
const WARM_UP = 20;
const PAUSE_MS = 10;
const ROUND_TIMEOUT_MS = 10_000;

export interface SdksReport {
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

/** Whole SDKs, all in one process: what an application sees. */
export async function measureSdks(clients: number): Promise<SdksReport> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const server = await startControlPlane(directory, 'error');
  const fleet = fork(join(import.meta.dirname, 'fleet.ts'));
  try {
    const admin = createClient({ baseUrl: server.url, token: ADMIN_TOKEN });
    const sdkKey = await prepareFlag(admin);
    const order: FleetOrder = { url: server.url, sdkKey, flag: FLAG, clients };
    fleet.send(order);
    await message<FleetMessage, 'connected'>(fleet, 'connected', 60_000);
    return await rounds(admin, fleet, clients);
  } finally {
    fleet.kill('SIGKILL');
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function rounds(admin: Client, fleet: ChildProcess, clients: number): Promise<SdksReport> {
  const seen: number[] = [];
  const last: number[] = [];
  const answered: number[] = [];
  for (let round = 1; round <= WARM_UP + CHANGES; round++) {
    const arrived = message<FleetMessage, 'seen'>(fleet, 'seen', ROUND_TIMEOUT_MS);
    const start = monotonicMs();
    await changeFlag(admin, round);
    const end = monotonicMs();
    const times = (await arrived).at_ms.map((at) => at - start);
    if (times.length !== clients) throw new Error(`${times.length} of ${clients} SDKs saw change ${round}`);
    if (round > WARM_UP) {
      seen.push(...times);
      last.push(Math.max(...times));
      answered.push(end - start);
    }
    await sleep(PAUSE_MS);
  }
  const seenMs = spreadOf(seen);
  return {
    clients,
    changes: CHANGES,
    seen_ms: seenMs,
    last_seen_ms: spreadOf(last),
    answered_ms: spreadOf(answered),
    missed: seenMs.p99 <= AIMS.p99MaxMs ? [] : [`${clients} SDKs: p99 ${seenMs.p99} ms, aim ${AIMS.p99MaxMs} ms`],
  };
}

export function printSdks(done: SdksReport): void {
  console.log(`${done.changes} changes in ${ENVIRONMENT} to ${done.clients} SDKs, durable write included (ms)`);
  console.log('                                            p50      p99      max');
  console.log(row('request sent → answered', done.answered_ms));
  console.log(row('request sent → an SDK evaluates it', done.seen_ms));
  console.log(row('request sent → the last SDK does', done.last_seen_ms));
}
