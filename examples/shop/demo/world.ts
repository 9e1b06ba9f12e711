import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@spillway/contract/client';
import { start } from '@spillway/server';

/** A whole Spillway of its own: three processes on free ports, in a temporary directory. */
export interface World {
  readonly api: Client;
  readonly url: string;
  readonly gatewayUrl: string;
  /** Signs its reader in to the dashboard, once. */
  readonly signInUrl: string;
  /** Ends all processes and removes the directory. May be called again. */
  stop(): Promise<void>;
}

interface Announcement {
  readonly url: string;
  readonly gateway_url: string;
  readonly sign_in_url: string;
}

/** Throws when it cannot be started; then nothing is left behind. */
export async function openWorld(): Promise<World> {
  forgetSettings();
  const directory = await mkdtemp(join(tmpdir(), 'spillway-demo-'));
  const ending = new AbortController();
  const announced = Promise.withResolvers<Announcement>();
  const running = start({
    port: 0,
    gatewayPort: 0,
    dataDirectory: directory,
    json: true,
    write: (text) => announced.resolve(JSON.parse(text) as Announcement),
    signal: ending.signal,
  });
  const stop = async () => {
    ending.abort();
    await running.catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const endedFirst = running.then(() => {
      throw new Error('Spillway was stopped while it started.');
    });
    const { url, gateway_url, sign_in_url } = await Promise.race([announced.promise, endedFirst]);
    const { token } = JSON.parse(await readFile(join(directory, 'client.json'), 'utf8')) as { token: string };
    const api = createClient({ baseUrl: url, token });
    return { api, url, gatewayUrl: gateway_url, signInUrl: sign_in_url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The demo must not touch an installation that this shell is set up for. */
function forgetSettings(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('SPILLWAY_')) delete process.env[name];
}
