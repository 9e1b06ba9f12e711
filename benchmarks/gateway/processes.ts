import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Something under test or that tests, as a process of its own. */
export interface Running {
  readonly port: number;
  /** Processor time of the process and its children so far, in milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 5_000;
export const CLOCK_TICK_MS = 10;

export function onPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Starts a script of this folder that prints one JSON line with its port. */
export async function startScript(path: string, args: readonly string[] = []): Promise<Running> {
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return running(child, port);
}

/** Starts a server that takes its port from a generated configuration. */
export async function startServer(program: string, args: readonly string[], port: number): Promise<Running> {
  const child = spawn(program, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const end = performance.now() + READY_WITHIN_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > end) throw new Error(`${program} did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return running(child, port);
}

export function running(child: ChildProcess, port: number): Running {
  const exited = once(child, 'exit');
  return {
    port,
    cpuMs: () => (child.pid === undefined ? undefined : cpuMs(child.pid)),
    async stop() {
      child.kill('SIGTERM');
      const stubborn = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
      await exited;
      clearTimeout(stubborn);
    },
  };
}

export function cpuMs(pid: number): number | undefined {
  try {
    // Fields after the name in parentheses; utime and stime are the 14th and 15th of all (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const own = (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? own : children.split(' ').reduce((sum, child) => sum + (cpuMs(Number(child)) ?? 0), own);
  } catch {
    return undefined;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('No free port.');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
