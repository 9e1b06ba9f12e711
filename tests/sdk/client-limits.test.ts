import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@spillway/web';
import { eventually } from '../../apps/relay/src/testing/processes.ts';
import { createWorld } from '../../packages/http/src/testing/world.ts';

test('a page that is told of too many requests waits as long as it is told, and is there then', async () => {
  // Two at once, then one in five seconds.
  const asked: unknown[] = [];
  const silent = () => undefined;
  const log = {
    debug: silent,
    warn: silent,
    error: silent,
    info: ({ status }: { readonly status?: unknown }) => void asked.push(status),
  };
  const world = await createWorld({ log, clientLimits: { perAddress: 0.2, perKey: 0 } });
  await world.call('POST', '/api/v1/feature-flags?reason=test', {
    token: world.adminToken,
    body: { key: 'checkout', environments: { production: { enabled: true } } },
  });
  const body = { context: { targetingKey: 'ana' } };
  for (let count = 0; count < 3; count += 1) {
    await world.call('POST', '/ofrep/v1/evaluate/flags', { token: world.clientKey, body });
  }
  asked.length = 0;
  const client = createClient({
    url: world.url,
    clientKey: world.clientKey,
    context: { targetingKey: 'ana' },
    log: () => undefined,
  });
  try {
    const status = await client.initialize({ timeoutMs: 300 });
    assert.equal(client.boolean('checkout', false), false, 'the default, meanwhile');
    assert.notEqual(status.is, 'ready');
    await eventually('the values are there', () => client.boolean('checkout', false));
    const refused = asked.filter((code) => code === 429).length;
    assert.ok(refused >= 1 && refused <= 3, `${refused} refusals`);
  } finally {
    client.close();
    await world.close();
  }
});
