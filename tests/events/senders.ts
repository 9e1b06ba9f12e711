import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@spillway/contract/client';
import { ADMIN_TOKEN } from '../../apps/relay/src/testing/processes.ts';

const BATCH_MAX = 20;
/** Of batches that were answered, the share that is sent once more all the same, as after an answer that got lost. */
const REPEATED = 0.2;
export const RETRY_MS = 20;

/** What applications have sent, and what of it the server has said to have taken. */
export interface Ledger {
  readonly sent: Set<string>;
  readonly acknowledged: Set<string>;
  /** Batches whose answer never came. */
  unanswered: number;
}

export interface Place {
  readonly url: () => string;
  readonly key: string;
  readonly random: () => number;
  readonly isOver: () => boolean;
}

/** Sends batch after batch, each until it is answered, and some of them once more. */
export async function send(name: string, { url, key, random, isOver }: Place, ledger: Ledger): Promise<void> {
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
export async function stored(url: string): Promise<{ readonly ids: readonly string[]; readonly counted: number }> {
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

export async function prepare(url: string): Promise<string> {
  const admin = createClient({ baseUrl: url, token: ADMIN_TOKEN });
  const flag = await admin.call('createFlag', { body: { key: 'checkout', type: 'boolean' } });
  assert.ok(flag.ok, JSON.stringify(flag));
  const token = await admin.call('createToken', { body: { name: 'app', kind: 'sdk', environment: 'production' } });
  assert.ok(token.ok, JSON.stringify(token));
  return token.value.secret;
}

/** Acknowledged events are there, none is twice, and nobody else's are. */
export async function assertOnce(url: string, ledger: Ledger): Promise<void> {
  const { ids, counted } = await stored(url);
  const unique = new Set(ids);
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
}
