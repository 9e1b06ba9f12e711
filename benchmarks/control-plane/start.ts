import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export const ADMIN_TOKEN = 'spw_admin_benchmark-only-0123456789abcdef0123456789';
const STOP_WITHIN_MS = 5_000;

export interface ControlPlane {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** The control plane's own process, as it is started in production, on a data directory of the benchmark. */
export async function startControlPlane(directory: string, logLevel: string): Promise<ControlPlane> {
  const main = join(import.meta.dirname, '../../apps/server/src/main.ts');
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      SPILLWAY_DATA_DIR: directory,
      SPILLWAY_PORT: '0',
      SPILLWAY_ADMIN_TOKEN: ADMIN_TOKEN,
      SPILLWAY_LOG_LEVEL: logLevel,
      SPILLWAY_ANNOUNCE: '1',
    },
    stdio: ['pipe', 'pipe', logLevel === 'error' ? 'inherit' : 'ignore'],
  });
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error('the control plane did not start');
  const announced: { readonly url: string } = JSON.parse(first[0]);
  return {
    url: announced.url,
    process: child,
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), sleep(STOP_WITHIN_MS)]);
      child.kill('SIGKILL');
    },
  };
}
