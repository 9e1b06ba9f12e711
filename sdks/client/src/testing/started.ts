import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { type Client, type ClientOptions, createClient } from '../client.ts';
import { SDK_KEY, type SdkServer, snapshotOf, startSdkServer } from './sdk-server.ts';
import { testPlatform } from './test-platform.ts';

export const PATIENCE_MS = 5_000;

const started: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.close();
});

/** A server that is closed after the test. */
export async function serve(): Promise<SdkServer> {
  const server = await startSdkServer(snapshotOf(1, true));
  started.push(server);
  return server;
}

/** A client that is ready, and closed after the test, before its server. */
export async function ready(server: SdkServer, hurry = 1, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = createClient({ url: server.url, sdkKey: SDK_KEY, ...options }, testPlatform({ hurry }));
  started.push(client);
  assert.equal((await client.initialize({ timeoutMs: PATIENCE_MS * hurry })).is, 'ready');
  return client;
}

export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
