import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createClient } from '@spillway/node';
import { createWorld, type World } from '../../packages/http/src/testing/world.ts';

const WITHOUT_FRAMEWORK = globalThis.fetch;
let world: World | undefined;

afterEach(async () => {
  globalThis.fetch = WITHOUT_FRAMEWORK;
  await world?.close();
});

/** As Next.js has it while a page is built: nothing is fetched that would make the page depend on who asks for it. */
function asWhilePagesAreBuilt(refused: string[]): typeof fetch {
  return (input, init: RequestInit & { readonly next?: { readonly internal?: boolean } } = {}) => {
    if (init.next?.internal === true) return WITHOUT_FRAMEWORK(input, init);
    refused.push(String(input));
    return Promise.reject(new Error("Dynamic server usage: the page couldn't be rendered statically"));
  };
}

test('a page that is built beforehand by a framework has the flags, not the defaults', async () => {
  world = await createWorld();
  const environments = { production: { enabled: true, fallthrough: { variant: 'on' } } };
  const body = { key: 'new-checkout', type: 'boolean', environments };
  await world.call('POST', '/api/v1/feature-flags?reason=test', { token: world.adminToken, body });
  const refused: string[] = [];
  globalThis.fetch = asWhilePagesAreBuilt(refused);
  const client = createClient({ url: world.url, sdkKey: world.sdkKey, log: () => undefined });
  try {
    const { is } = await client.initialize({ timeoutMs: 2_000 });
    assert.equal(is, 'ready');
    assert.equal(client.boolean('new-checkout', { targetingKey: 'ann' }, false), true);
    client.track('bought', { targetingKey: 'ann' });
  } finally {
    await client.close();
  }
  assert.deepEqual(refused, [], 'nothing that the client asks for is held to be part of the page');
});
