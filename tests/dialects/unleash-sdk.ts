import type { TestContext } from 'node:test';
import { peer } from '../../benchmarks/evaluation/engines/installed.ts';

const NAME = 'unleash-client';

export interface Client {
  on(event: string, listener: (problem: unknown) => void): void;
  start(): Promise<void>;
  destroy(): void;
  isEnabled(name: string, context: object): boolean;
  getVariant(name: string, context: object): { name: string; payload?: { type: string; value: string } };
}

export async function opened(t: TestContext, payload: object): Promise<Client> {
  const { Unleash, InMemStorageProvider } = peer<{
    Unleash: new (options: object) => Client;
    InMemStorageProvider: new () => object;
  }>(NAME);
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { bootstrapProvider: { readBootstrap: async () => payload } },
  });
  for (const event of ['error', 'warn']) client.on(event, () => undefined);
  const ready = new Promise<void>((resolve) => client.on('ready', () => resolve()));
  void client.start();
  await ready;
  t.after(() => client.destroy());
  return client;
}
