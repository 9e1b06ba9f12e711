import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answering, eventually, startPlane, startRelayProcess } from '../../apps/relay/src/testing/processes.ts';
import { type FaultProxy, startFaultProxy } from './faults/fault-proxy.ts';
import { type Plane, planeAt } from './plane.ts';
import type { Scenario, ServerState } from './scenario.ts';

/**
 * Where faults happen. `direct`: between the client and the control plane. `relay`: between the client and a relay.
 * `behind_relay`: between the relay and the control plane, which the client's status need not tell.
 */
export type Place = 'direct' | 'relay' | 'behind_relay';

/** Real processes with a faulty network between them. */
export interface Topology {
  readonly url: string;
  readonly key: string;
  readonly cache: string;
  readonly plane: Plane;
  readonly proxy: FaultProxy;
  server(state: ServerState): Promise<void>;
  close(): Promise<void>;
}

export async function startTopology(place: Place, kind: 'sdk' | 'client', scenario: Scenario): Promise<Topology> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-scenario-'));
  const closing: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const startPlaneOn = (port: number) => startPlane(join(folder, 'plane'), port);
    const planeServer = await startServer(startPlaneOn, closing);
    const plane = planeAt(() => planeServer.url());
    await plane.define(scenario.flags, scenario.more_flags ?? 0);
    // A relay follows with an SDK key of its own where its clients have keys that may be seen.
    const relayKey = kind === 'client' && place !== 'direct' ? await plane.issueKey('sdk') : undefined;
    const key = await plane.issueKey(kind);
    const chain = await startChain(
      place,
      planeServer,
      (upstream, port) => startRelayProcess(upstream, join(folder, 'relay'), [relayKey ?? key], port),
      closing,
    );
    return { ...chain, key, cache: join(folder, 'client-cache'), plane, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startChain(
  place: Place,
  plane: Server,
  startRelay: (upstream: string, port: number) => Promise<Answering>,
  closing: (() => Promise<void>)[],
): Promise<Pick<Topology, 'url' | 'proxy' | 'server'>> {
  const proxyTo = async (server: Server) => {
    const proxy = await startFaultProxy(server.url);
    closing.push(proxy.close);
    return proxy;
  };
  if (place === 'direct') {
    const proxy = await proxyTo(plane);
    return { url: proxy.url, proxy, server: plane.become };
  }
  const before = place === 'behind_relay' ? await proxyTo(plane) : undefined;
  const relay = await startServer((port) => startRelay(before?.url ?? plane.url(), port), closing);
  await eventually('the relay is ready', async () => (await fetch(`${relay.url()}/readyz`)).status === 200);
  if (before !== undefined) return { url: relay.url(), proxy: before, server: plane.become };
  const proxy = await proxyTo(relay);
  return { url: proxy.url, proxy, server: relay.become };
}

interface Server {
  url(): string;
  become(state: ServerState): Promise<void>;
}

/** A process that can be killed, paused and started again at the same address. */
async function startServer(
  start: (port: number) => Promise<Answering>,
  closing: (() => Promise<void>)[],
): Promise<Server> {
  let running = await start(0);
  closing.push(async () => {
    running.signal('SIGCONT');
    await running.stop();
  });
  return {
    url: () => running.url,
    async become(state) {
      if (state === 'killed') await running.kill();
      else if (state === 'paused') running.signal('SIGSTOP');
      else if (state === 'resumed') running.signal('SIGCONT');
      else running = await start(running.port);
    },
  };
}
