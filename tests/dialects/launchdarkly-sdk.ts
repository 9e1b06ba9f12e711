import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { PEERS_FOLDER, peer, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';

const NAME = '@launchdarkly/node-server-sdk';
export const SKIP_LAUNCHDARKLY = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

/** Its SDK, fed by a file of ours. */
export async function openedLaunchDarkly(file: object, t: TestContext): Promise<LaunchDarkly> {
  const { init, FileDataSourceFactory } = peer<Sdk>(NAME);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-launchdarkly-'));
  const path = join(folder, 'data.json');
  writeFileSync(path, JSON.stringify(file));
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  const factory = new FileDataSourceFactory({ paths: [path] });
  const client = init('none', {
    updateProcessor: factory.getFactory(),
    sendEvents: false,
    logger: quiet,
    diagnosticOptOut: true,
  });
  t.after(() => {
    client.close();
    rmSync(folder, { recursive: true });
  });
  await client.waitForInitialization({ timeout: 10 });
  return client;
}

interface Sdk {
  init(key: string, options: object): LaunchDarkly;
  FileDataSourceFactory: new (options: object) => { getFactory(): unknown };
}

export interface LaunchDarkly {
  waitForInitialization(options: { timeout: number }): Promise<unknown>;
  variation(key: string, context: object, fallback: unknown): Promise<unknown>;
  close(): void;
}
