import { once } from 'node:events';
import pino from 'pino';
import type { RelayOptions } from './config.ts';
import { startRelay } from './relay.ts';

/** Runs until the process is told to stop. `ready` is called with the address once it answers. */
export async function runRelay(options: RelayOptions, ready: (url: string) => void): Promise<void> {
  const log = pino({ level: 'info', base: null }, pino.destination({ dest: 2, sync: true }));
  const stopping = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const relay = await startRelay(options, log);
  ready(relay.url);
  await stopping;
  await relay.close();
}
