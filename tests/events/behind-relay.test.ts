import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answering, eventually, startPlane, startRelayProcess } from '../../apps/relay/src/testing/processes.ts';
import { seededRandom } from '../crash/seeded-random.ts';
import { assertOnce, type Ledger, prepare, RETRY_MS, send } from './senders.ts';

const KILLS = 4;
const SENDERS = 6;
const BETWEEN_KILLS_MS = 500;
const ARRIVED_WITHIN_MS = 60_000;

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const root = mkdtempSync(join(tmpdir(), 'spillway-events-'));
after(() => rmSync(root, { recursive: true, force: true }));

test(`T2: relay and control plane killed in turns, every event that the relay acknowledged arrives, once (SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  let plane: Answering = await startPlane(join(root, 'plane'));
  const planePort = plane.port;
  const key = await prepare(plane.url);
  const startAgain = (port = 0) => startRelayProcess(plane.url, join(root, 'relay'), [key], port);
  let relay = await startAgain();
  const { url, port } = relay;
  await eventually('the relay is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  const ledger: Ledger = { sent: new Set(), acknowledged: new Set(), unanswered: 0 };
  let over = false;
  try {
    const place = { url: () => url, key, random, isOver: () => over };
    const senders = Array.from({ length: SENDERS }, (_, index) => send(`sender-${index}`, place, ledger));
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = ledger.acknowledged.size;
      await wait(random() * BETWEEN_KILLS_MS);
      while (ledger.acknowledged.size === before) await wait(RETRY_MS);
      // The relay dies while its upstream is away, too: what it has acknowledged is then nowhere but on its disk.
      if (kill % 2 === 0) await plane.kill();
      await relay.kill();
      relay = await startAgain(port);
      if (kill % 2 === 0) plane = await startPlane(join(root, 'plane'), planePort);
    }
    over = true;
    await Promise.all(senders);
    assert.ok(ledger.unanswered > 0, 'no batch was cut off');
    await eventually('nothing waits at the relay', async () => (await waitingAt(url)) === 0, ARRIVED_WITHIN_MS);
    await assertOnce(plane.url, ledger);
  } finally {
    over = true;
    await relay.stop();
    await plane.stop();
  }
});

async function waitingAt(url: string): Promise<number | undefined> {
  const health = (await (await fetch(`${url}/health`)).json()) as {
    readonly environments: readonly { readonly events: { readonly waiting: number } }[];
  };
  return health.environments[0]?.events.waiting;
}
