import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@spillway/contract/client';
import { ADMIN_TOKEN, type ControlPlane, startControlPlane } from '../control-plane/start.ts';
import { type BareServer, startBare } from './bare-server.ts';
import { changeFlag, prepareFlag } from './flag.ts';
import { monotonicMs } from './fleet.ts';
import { message } from './message.ts';
import type { Usage } from './probe.ts';
import type { ReadersMessage, ReadersOrder } from './readers.ts';
import { type Spread, spreadOf } from './spread.ts';

const WARM_UP = 5;
const PAUSE_MS = 40;
const CONNECT_TIMEOUT_MS = 60_000;
const ROUND_TIMEOUT_MS = 20_000;
const STORM_TIMEOUT_MS = 60_000;
const NODE_ARGUMENTS = ['--expose-gc', '--import', join(import.meta.dirname, 'probe.ts')];

/** What one server does for its streams. */
export interface SideReport {
  /** Request sent → event read, over all streams and changes. */
  readonly seen_ms: Spread;
  readonly last_seen_ms: Spread;
  /** More memory with the streams than without, for each of them. */
  readonly resident_kb_per_stream: number;
  readonly heap_kb_per_stream: number;
  readonly processor_us_per_event: number;
}

export interface StormReport {
  /** The server answers again → every stream is open again. */
  readonly settled_ms: number;
  /** Streams that a change afterwards did not reach. */
  readonly lost: number;
}

export interface StreamsReport {
  readonly streams: number;
  readonly changes: number;
  readonly spillway: SideReport;
  readonly bare: SideReport;
  readonly storm: StormReport;
}

/** A server, the process whose sockets read from it, and how it is made to send. */
interface Side {
  readonly server: { readonly url: string; readonly process: ChildProcess };
  readonly readers: ChildProcess;
  readonly change: (round: number) => Promise<void>;
  readonly seen: number[];
  readonly last: number[];
  idle: Usage;
  connected: Usage;
}

/** Spillway and a bare server with as many streams each, changed in turns. */
export async function measureStreams(streams: number, changes: number): Promise<StreamsReport> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  let plane: ControlPlane = await startControlPlane(directory, 'error', { nodeArguments: NODE_ARGUMENTS });
  let bare: BareServer | undefined;
  const children: ChildProcess[] = [];
  try {
    bare = await startBare(NODE_ARGUMENTS);
    const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
    const key = await prepareFlag(admin);
    const change = (round: number) => changeFlag(admin, round);
    const sent = await aDelta(plane.url, key, () => change(WARM_UP));
    const ours = await connectSide(plane, '/api/v1/sdk/stream', key, streams, change, children);
    const theirs = await connectSide(bare, '/', key, streams, () => bare?.send(sent) ?? Promise.resolve(), children);
    await alternate([ours, theirs], changes);
    const report = { spillway: await sideReport(ours, changes), bare: await sideReport(theirs, changes) };
    theirs.readers.kill('SIGKILL');
    const restart = async () => {
      const { port } = new URL(plane.url);
      plane.process.kill('SIGKILL');
      await once(plane.process, 'exit');
      plane = await startControlPlane(directory, 'error', { port: Number(port), nodeArguments: NODE_ARGUMENTS });
    };
    return { streams, changes, ...report, storm: await storm(ours, streams, restart) };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([plane.stop(), bare?.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

async function connectSide(
  server: Side['server'],
  path: string,
  key: string,
  count: number,
  change: Side['change'],
  children: ChildProcess[],
): Promise<Side> {
  const readers = fork(join(import.meta.dirname, 'readers.ts'), { serialization: 'advanced' });
  children.push(readers);
  const idle = await usageOf(server.process);
  const { hostname, port } = new URL(server.url);
  const order: ReadersOrder = { do: 'connect', count, place: { host: hostname, port: Number(port), path, key } };
  const connected = message<ReadersMessage, 'connected'>(readers, 'connected', CONNECT_TIMEOUT_MS);
  readers.send(order);
  await connected;
  await sleep(500);
  return { server, readers, change, seen: [], last: [], idle, connected: await usageOf(server.process) };
}

/** The data of a real change: what the bare server sends is as long. */
async function aDelta(url: string, key: string, change: () => Promise<void>): Promise<string> {
  const response = await fetch(`${url}/api/v1/sdk/stream`, { headers: { authorization: `Bearer ${key}` } });
  if (response.body === null) throw new Error('no stream');
  await change();
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const [, data] = /event: delta\ndata: (.*)\n\n/.exec(text) ?? [];
    if (data !== undefined) return data;
  }
  throw new Error('the stream ended');
}

async function alternate(sides: readonly Side[], changes: number): Promise<void> {
  for (let round = 1; round <= WARM_UP + changes; round++) {
    for (const side of sides) {
      const arrived = message<ReadersMessage, 'seen'>(side.readers, 'seen', ROUND_TIMEOUT_MS);
      const start = monotonicMs();
      await Promise.all([side.change(round), arrived]);
      const times = (await arrived).at_ms.map((at) => at - start);
      if (round > WARM_UP) {
        for (const time of times) side.seen.push(time);
        side.last.push(times.at(-1) ?? Number.NaN);
      } else if (round === WARM_UP) side.connected = { ...side.connected, ...(await processorOf(side)) };
      await sleep(PAUSE_MS);
    }
  }
}

async function processorOf({ server }: Side): Promise<Pick<Usage, 'processor'>> {
  const { processor } = await usageOf(server.process);
  return { processor };
}

async function sideReport({ server, seen, last, idle, connected }: Side, changes: number): Promise<SideReport> {
  const after = await usageOf(server.process);
  const streams = seen.length / changes;
  const kilobytes = (bytes: number) => Math.round(bytes / streams / 10) / 100;
  return {
    seen_ms: spreadOf(seen),
    last_seen_ms: spreadOf(last),
    resident_kb_per_stream: kilobytes(connected.resident - idle.resident),
    heap_kb_per_stream: kilobytes(connected.heap - idle.heap),
    processor_us_per_event: Math.round(((after.processor - connected.processor) / seen.length) * 10) / 10,
  };
}

/** All at once lose their server and come back to it. */
async function storm(side: Side, streams: number, restart: () => Promise<void>): Promise<StormReport> {
  await restart();
  const answers = monotonicMs();
  const settled = message<ReadersMessage, 'connected'>(side.readers, 'connected', STORM_TIMEOUT_MS);
  const order: ReadersOrder = { do: 'watch' };
  side.readers.send(order);
  const { at_ms } = await settled;
  const arrived = message<ReadersMessage, 'seen'>(side.readers, 'seen', ROUND_TIMEOUT_MS);
  await side.change(WARM_UP - 2);
  const reached = await arrived.then(
    ({ at_ms: times }) => times.length,
    () => 0,
  );
  return { settled_ms: Math.max(0, Math.round(at_ms - answers)), lost: streams - reached };
}

async function usageOf(server: ChildProcess): Promise<Usage> {
  const answered = once(server, 'message');
  server.send('usage');
  const [usage] = await answered;
  return usage as Usage;
}
