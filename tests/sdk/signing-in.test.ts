import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient as createApiClient } from '@spillway/contract/client';
import { type Client, createClient } from '@spillway/web';
import { type Started, startSpillway, temporaryDirectory } from '../../apps/server/src/start-testing.ts';

const VISITORS = 40;
const directory = temporaryDirectory();
const opened: Client[] = [];
let spillway: Started;
let clientKey = '';

before(async () => {
  spillway = await startSpillway(directory.path);
  const file: { readonly token: string } = JSON.parse(readFileSync(join(directory.path, 'client.json'), 'utf8'));
  const api = createApiClient({ baseUrl: spillway.url, token: file.token });
  const staging = { enabled: true, percentage: 50 };
  for (const body of [
    { key: 'by-visitor', type: 'boolean', environments: { staging: { ...staging, bucketing: { by: 'visitor' } } } },
    { key: 'by-account', type: 'boolean', environments: { staging } },
  ] as const) {
    const flag = await api.call('createFlag', { body });
    assert.ok(flag.ok, JSON.stringify(flag));
  }
  const token = await api.call('createToken', { body: { name: 'page', kind: 'client', environment: 'staging' } });
  assert.ok(token.ok, JSON.stringify(token));
  clientKey = token.value.secret;
});

after(async () => {
  for (const client of opened) client.close();
  await spillway?.stop();
  directory.remove();
});

test('F20: visitors who sign in keep their variant where a flag goes by the visitor, and not where it goes by the account', async () => {
  let moved = 0;
  const seen = new Set<boolean>();
  for (let index = 0; index < VISITORS; index += 1) {
    const visitor = `visitor-${index}`;
    // Both flags can answer somebody who has no account yet.
    const context = { visitor, targetingKey: visitor };
    const client = createClient({ url: spillway.url, clientKey, context, log: () => undefined });
    opened.push(client);
    assert.equal((await client.initialize()).is, 'ready');
    const before = { visitor: client.boolean('by-visitor', false), account: client.boolean('by-account', false) };
    assert.equal((await client.identify({ visitor, targetingKey: `account-${index}` })).is, 'ready');
    assert.equal(client.boolean('by-visitor', false), before.visitor, visitor);
    if (client.boolean('by-account', false) !== before.account) moved += 1;
    seen.add(before.visitor);
    client.close();
  }
  assert.equal(seen.size, 2, 'some have it and some do not');
  assert.ok(moved > VISITORS / 5, `${moved} of ${VISITORS} would have changed sides`);
});
