import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** For tests: the real launcher with its real processes, in a directory of its own. */
export interface Started {
  readonly launcher: ChildProcess;
  readonly url: string;
  readonly gateway_url: string;
  readonly sign_in_url: string;
  readonly ready_ms: number;
  readonly pids: { readonly control: number; readonly gateway: number; readonly supervisor: number };
  readonly sample?: { readonly command: string; readonly output: string };
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const LAUNCHER = fileURLToPath(new URL('./start.ts', import.meta.url));
const STOP_DEADLINE_MS = 20_000;

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'spillway-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function spawnLauncher(data: string, ...more: readonly string[]): ChildProcess {
  return spawnLauncherWith({}, data, ...more);
}

export function spawnLauncherWith(
  variables: NodeJS.ProcessEnv,
  data: string,
  ...more: readonly string[]
): ChildProcess {
  return spawnBareLauncher(variables, '--port', '0', '--gateway-port', '0', '--data', data, ...more);
}

/** Told nothing but this. */
export function spawnBareLauncher(variables: NodeJS.ProcessEnv, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutSpillway(process.env), ...variables },
  });
}

/** What the machine of whoever runs the tests is set to must not reach them. */
export function withoutSpillway(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('SPILLWAY_')));
}

export async function startSpillway(data: string): Promise<Started> {
  const launcher = spawnLauncher(data, '--json');
  const errors = collect(launcher);
  const lines = createInterface({ input: launcher.stdout ?? process.stdin });
  const first = await Promise.race([once(lines, 'line'), once(launcher, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error(`not started: ${errors()}`);
  const document = JSON.parse(first[0]) as Omit<Started, 'launcher' | 'stop'>;
  return {
    ...document,
    launcher,
    async stop() {
      if (launcher.exitCode !== null || launcher.signalCode !== null) return launcher.exitCode;
      const exit = once(launcher, 'exit');
      launcher.kill('SIGINT');
      const kill = setTimeout(() => launcher.kill('SIGKILL'), STOP_DEADLINE_MS);
      const [code] = (await exit) as [number | null];
      clearTimeout(kill);
      return code;
    },
  };
}

/** What a process has said on both outputs so far. */
export function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks again until it holds. Throws, with `what`, when it never does. */
export async function eventually(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 10_000,
): Promise<void> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > withinMs) throw new Error(`${what} did not come true within ${withinMs} ms`);
    await wait(25);
  }
}
