import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';

const NAME = '@configcat/sdk';
export const SKIP_CONFIGCAT = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

export interface ConfigCat {
  getValue(key: string, fallback: unknown, user: object | undefined): unknown;
}

interface Sdk {
  getClient(
    key: string,
    mode: number,
    options: object,
  ): { forceRefreshAsync(): Promise<unknown>; snapshot(): ConfigCat };
  disposeAllClients(): void;
  PollingMode: { ManualPoll: number };
  createConsoleLogger(level: number): unknown;
  LogLevel: { Off: number };
}

/** Its SDK, fed by a server of ours. */
export async function openedConfigCat(config: object, t: TestContext): Promise<ConfigCat> {
  const server = createServer((_, response) => response.end(JSON.stringify(config)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { getClient, disposeAllClients, PollingMode, createConsoleLogger, LogLevel } = peer<Sdk>(NAME);
  t.after(() => {
    disposeAllClients();
    server.close();
  });
  const client = getClient('configcat-sdk-1/aaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbb', PollingMode.ManualPoll, {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logger: createConsoleLogger(LogLevel.Off),
  });
  await client.forceRefreshAsync();
  return client.snapshot();
}
