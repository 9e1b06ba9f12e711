import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ADMIN_TOKEN = 'spw_admin_relay-tests-0123456789abcdef0123456789abcd';
const PLANE = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const STOP_WITHIN_MS = 8_000;

/** A process that has said where it answers. */
export interface Answering {
  readonly url: string;
  readonly port: number;
  /** What it has said on standard error so far. */
  said(): string;
  signal(signal: NodeJS.Signals): void;
  /** As a power cut does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export function startPlane(
  directory: string,
  port = 0,
  variables: Readonly<Record<string, string>> = {},
): Promise<Answering> {
  return start([PLANE], {
    SPILLWAY_DATA_DIR: directory,
    SPILLWAY_PORT: String(port),
    SPILLWAY_ADMIN_TOKEN: ADMIN_TOKEN,
    SPILLWAY_LOG_LEVEL: 'error',
    SPILLWAY_ANNOUNCE: '1',
    ...variables,
  });
}

export function startRelayProcess(
  upstream: string,
  directory: string,
  keys: readonly string[],
  port = 0,
  variables: Readonly<Record<string, string>> = {},
): Promise<Answering> {
  return start(relayArguments(upstream, directory, port), { SPILLWAY_RELAY_TOKENS: keys.join(','), ...variables });
}

export function relayArguments(upstream: string, directory: string, port: number): readonly string[] {
  return [CLI, 'relay', '--upstream', upstream, '--port', String(port), '--data', directory, '--json'];
}

export function spawnNode(args: readonly string[], variables: Readonly<Record<string, string>>): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SPILLWAY_'));
  return spawn(process.execPath, args, {
    env: { ...Object.fromEntries(own), ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function start(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Answering> {
  const child = spawnNode(args, variables);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  if (child.stdout === null) throw new Error('no standard output');
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error(`not started: ${said}`);
  const { url }: { readonly url: string } = JSON.parse(first[0]);
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const stubborn = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exited;
    clearTimeout(stubborn);
  };
  return {
    url,
    port: Number(new URL(url).port),
    said: () => said,
    signal: (signal) => void child.kill(signal),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Asks again until it holds; fails with `what` when it never does. */
export async function eventually(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 15_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what} did not come true within ${withinMs} ms`);
    await wait(20);
  }
}
