import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answering, startPlane } from '../../apps/relay/src/testing/processes.ts';
import { seededRandom } from '../crash/seeded-random.ts';
import { postgresForTests } from '../parts/postgres.ts';
import { assertOnce, type Ledger, prepare, RETRY_MS, send } from './senders.ts';

const KILLS = 3;
const SENDERS = 6;
const BETWEEN_KILLS_MS = 700;

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const root = mkdtempSync(join(tmpdir(), 'spillway-events-'));
const postgres = await postgresForTests();
after(async () => {
  await postgres.stop();
  rmSync(root, { recursive: true, force: true });
});

async function killAmidEvents(directory: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const random = seededRandom(seed);
  let plane: Answering = await startPlane(directory, 0, variables);
  const { url, port } = plane;
  const ledger: Ledger = { sent: new Set(), acknowledged: new Set(), unanswered: 0 };
  let over = false;
  try {
    const place = { url: () => url, key: await prepare(url), random, isOver: () => over };
    const senders = Array.from({ length: SENDERS }, (_, index) => send(`sender-${index}`, place, ledger));
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = ledger.acknowledged.size;
      await wait(random() * BETWEEN_KILLS_MS);
      while (ledger.acknowledged.size === before) await wait(RETRY_MS);
      await plane.kill();
      plane = await startPlane(directory, port, variables);
    }
    over = true;
    await Promise.all(senders);
    assert.ok(ledger.unanswered > 0, 'no batch was cut off');
    await assertOnce(url, ledger);
  } finally {
    over = true;
    await plane.stop();
  }
}

test(`T2: killed amid a stream of events, SQLite has every acknowledged one, once (SEED=${seed})`, () =>
  killAmidEvents(join(root, 'sqlite'), {}));

test(`T2: killed amid a stream of events, so has PostgreSQL (SEED=${seed})`, { skip: postgres.skip }, async () =>
  killAmidEvents(join(root, 'postgres'), { SPILLWAY_STORE_URL: await postgres.database() }),
);
