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

export interface Manner {
  /** Any that is free when left out. */
  readonly port?: number;
  /** For Node, before the program. A channel for messages is there in any case. */
  readonly nodeArguments?: readonly string[];
  /** Of the environment, beside those of every benchmark. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The control plane's own process, as it is started in production, on a data directory of the benchmark. */
export async function startControlPlane(
  directory: string,
  logLevel: string,
  { port = 0, nodeArguments = [], variables = {} }: Manner = {},
): Promise<ControlPlane> {
  const main = join(import.meta.dirname, '../../apps/server/src/main.ts');
  const child = spawn(process.execPath, [...nodeArguments, main], {
    env: {
      ...process.env,
      SPILLWAY_DATA_DIR: directory,
      SPILLWAY_PORT: String(port),
      SPILLWAY_ADMIN_TOKEN: ADMIN_TOKEN,
      SPILLWAY_LOG_LEVEL: logLevel,
      SPILLWAY_ANNOUNCE: '1',
      ...variables,
    },
    stdio: ['pipe', 'pipe', logLevel === 'error' ? 'inherit' : 'ignore', 'ipc'],
  });
  if (child.stdout === null) throw new Error('no standard output');
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
