import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@spillway/contract/client';
import { ADMIN_TOKEN, type Answering, startPlane } from '../../apps/relay/src/testing/processes.ts';
import { seededRandom } from '../crash/seeded-random.ts';
import { postgresForTests } from '../parts/postgres.ts';

const KILLS = 3;
const SENDERS = 6;
const BATCH_MAX = 20;
/** Of batches that were answered, the share that is sent once more all the same, as after an answer that got lost. */
const REPEATED = 0.2;
const RETRY_MS = 20;
const BETWEEN_KILLS_MS = 700;

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const root = mkdtempSync(join(tmpdir(), 'spillway-events-'));
const postgres = await postgresForTests();
after(async () => {
  await postgres.stop();
  rmSync(root, { recursive: true, force: true });
});

/** What one application has sent, and what of it the server has said to have taken. */
interface Ledger {
  readonly sent: Set<string>;
  readonly acknowledged: Set<string>;
  /** Batches whose answer never came. */
  unanswered: number;
}

interface Place {
  readonly url: () => string;
  readonly key: string;
  readonly random: () => number;
  readonly isOver: () => boolean;
}

/** Sends batch after batch, each until it is answered, and some of them once more. */
async function send(name: string, { url, key, random, isOver }: Place, ledger: Ledger): Promise<void> {
  const post = (events: readonly object[]) =>
    fetch(`${url()}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    });
  for (let batch = 0; !isOver(); batch += 1) {
    const events = Array.from({ length: 1 + Math.floor(random() * BATCH_MAX) }, (_, index) => {
      const id = `${name}-${batch}-${index}-event`;
      ledger.sent.add(id);
      const context = { user: `user-${index}` };
      return { id, type: 'flag_evaluated', at: new Date().toISOString(), context, flag: 'checkout', variant: 'on' };
    });
    for (;;) {
      const answer = await post(events).catch(() => undefined);
      const body = (await answer?.json().catch(() => undefined)) as { readonly accepted: number } | undefined;
      if (answer?.status === 200 && body !== undefined) {
        assert.equal(body.accepted, events.length);
        for (const { id } of events) ledger.acknowledged.add(id);
        break;
      }
      ledger.unanswered += 1;
      await wait(RETRY_MS);
    }
    if (random() < REPEATED) await post(events).catch(() => undefined);
  }
}

/** Every event that is stored, as pages show them; and how many the usage of the flag counts. */
async function stored(url: string): Promise<{ readonly ids: readonly string[]; readonly counted: number }> {
  const admin = createClient({ baseUrl: url, token: ADMIN_TOKEN });
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await admin.call('listEvents', {
      query: { flag: 'checkout', limit: 500, ...(cursor === undefined ? {} : { cursor }) },
    });
    assert.ok(page.ok, JSON.stringify(page));
    ids.push(...page.value.items.map(({ id }) => id));
    cursor = page.value.next;
    if (cursor === undefined) break;
  }
  const usage = await admin.call('flagUsage', { params: { key: 'checkout' } });
  assert.ok(usage.ok, JSON.stringify(usage));
  return { ids, counted: usage.value.environments.production?.exposures.on?.events ?? 0 };
}

async function prepare(url: string): Promise<string> {
  const admin = createClient({ baseUrl: url, token: ADMIN_TOKEN });
  const flag = await admin.call('createFlag', { body: { key: 'checkout', type: 'boolean' } });
  assert.ok(flag.ok, JSON.stringify(flag));
  const token = await admin.call('createToken', { body: { name: 'app', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok, JSON.stringify(token));
  return token.value.secret;
}

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
    const { ids, counted } = await stored(url);
    const unique = new Set(ids);
    assert.ok(ledger.unanswered > 0, 'no batch was cut off');
    assert.equal(unique.size, ids.length, 'an event is there twice');
    assert.deepEqual(
      [...ledger.acknowledged].filter((id) => !unique.has(id)),
      [],
      'acknowledged and lost',
    );
    assert.deepEqual(
      ids.filter((id) => !ledger.sent.has(id)),
      [],
      'nobody sent these',
    );
    assert.equal(counted, ids.length);
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
