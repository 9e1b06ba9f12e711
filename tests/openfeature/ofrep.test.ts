import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as WebOpenFeature, type Provider as WebProvider } from '@openfeature/web-sdk';
import { type Client as ApiClient, createClient } from '@spillway/contract/client';
import { type Started, startSpillway, temporaryDirectory } from '../../apps/server/src/start-testing.ts';

const directory = temporaryDirectory();
let spillway: Started;
let api: ApiClient;
let headers: Record<string, string>;

before(async () => {
  spillway = await startSpillway(directory.path);
  const file: { readonly token: string } = JSON.parse(readFileSync(join(directory.path, 'client.json'), 'utf8'));
  api = createClient({ baseUrl: spillway.url, token: file.token });
  const token = await api.call('createToken', { body: { name: 'ofrep', kind: 'sdk', environment: 'staging' } });
  assert.ok(token.ok, JSON.stringify(token));
  headers = { Authorization: `Bearer ${token.value.secret}` };
  const colour = await api.call('createFlag', {
    body: {
      key: 'colour',
      type: 'string',
      variants: [
        { name: 'red', value: '#f00' },
        { name: 'blue', value: '#00f' },
      ],
      environments: {
        staging: {
          enabled: true,
          rules: [
            {
              id: 'pro',
              when: { attribute: 'plan', operator: 'equals', values: ['pro'] },
              serve: { variant: 'blue' },
            },
          ],
          fallthrough: { variant: 'red' },
        },
      },
    },
  });
  assert.ok(colour.ok, JSON.stringify(colour));
});

after(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  await spillway?.stop();
  directory.remove();
});

test('P2: the OFREP provider for servers gets value, variant, reason and metadata, and the code default otherwise', async () => {
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: spillway.url, headers }));
  const client = OpenFeature.getClient();
  const pro = await client.getStringDetails('colour', 'none', { targetingKey: 'ana', plan: 'pro' });
  assert.deepEqual([pro.value, pro.variant, pro.reason], ['#00f', 'blue', 'TARGETING_MATCH']);
  assert.equal(pro.flagMetadata.rule, 'pro');
  const other = await client.getStringDetails('colour', 'none', { targetingKey: 'ben' });
  assert.deepEqual([other.value, other.variant], ['#f00', 'red']);
  const unknown = await client.getBooleanDetails('unknown', true, { targetingKey: 'ana' });
  assert.deepEqual([unknown.value, unknown.errorCode], [true, 'FLAG_NOT_FOUND']);
  const wrongType = await client.getNumberDetails('colour', 7, { targetingKey: 'ana' });
  assert.deepEqual([wrongType.value, wrongType.errorCode], [7, 'TYPE_MISMATCH']);
});

test('P2: the OFREP provider for browsers gets all flags at once and another user’s after a log-in', async () => {
  await WebOpenFeature.setContext({ targetingKey: 'ben' });
  const provider = new OFREPWebProvider({ baseUrl: spillway.url, headers: Object.entries(headers), pollInterval: 0 });
  // Its own declaration leaves out what exactOptionalPropertyTypes wants said of `hooks`.
  await WebOpenFeature.setProviderAndWait(provider as WebProvider);
  const client = WebOpenFeature.getClient();
  assert.equal(client.getStringValue('colour', 'none'), '#f00');
  await WebOpenFeature.setContext({ targetingKey: 'ana', plan: 'pro' });
  assert.equal(client.getStringValue('colour', 'none'), '#00f');
  assert.equal(client.getBooleanValue('unknown', true), true);
});

test('a key that is no longer valid ends in an error of the provider, not in an exception of the application', async () => {
  const provider = new OFREPProvider({ baseUrl: spillway.url, headers: { Authorization: 'Bearer forged' } });
  await OpenFeature.setProviderAndWait('forged', provider);
  const details = await OpenFeature.getClient('forged').getBooleanDetails('colour', true, { targetingKey: 'ana' });
  assert.deepEqual([details.value, details.reason], [true, 'ERROR']);
});
