import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChannelAddress } from '@spillway/private-channel';
import { type GatewayAdmin, gatewayAdmin } from '../admin/client.ts';
import { GATEWAY_NODE_ARGUMENTS } from '../node-arguments.ts';
import { newStateDirectory, removeStateDirectory } from './state-directory.ts';

const ENTRY = fileURLToPath(new URL('../../../../apps/server/src/gateway.ts', import.meta.url));

export const TEST_ADMIN_TOKEN = 'a-token-for-tests-only';

/** A gateway in a process of its own, as it runs for users. */
export interface GatewayProcess {
  readonly url: string;
  readonly port: number;
  readonly adminAddress: ChannelAddress;
  readonly admin: GatewayAdmin;
  readonly epoch: string;
  readonly stateDirectory: string;
  readonly child: ChildProcess;
  readonly stderr: () => string;
  /** Sends the signal and returns the exit code (null when killed) once the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface GatewayProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Kept and used again when given; otherwise a new one that goes away with the process. */
  readonly stateDirectory?: string;
}

export async function startGatewayProcess(options: GatewayProcessOptions = {}): Promise<GatewayProcess> {
  const stateDirectory = options.stateDirectory ?? (await newStateDirectory());
  const cleanUp = async () => {
    if (options.stateDirectory === undefined) await removeStateDirectory(stateDirectory);
  };
  const args = ['--port', '0', '--state-dir', stateDirectory, ...(options.args ?? ['--admin-port', '0'])];
  const child = spawn(process.execPath, [...GATEWAY_NODE_ARGUMENTS, ENTRY, ...args], {
    env: { PATH: process.env.PATH, SPILLWAY_GATEWAY_ADMIN_TOKEN: TEST_ADMIN_TOKEN, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = once(child, 'exit');
  const ready = await Promise.race([firstLine(child), exited.then(() => undefined)]);
  if (ready === undefined) {
    await cleanUp();
    throw new Error(`The gateway did not start: ${stderr}`);
  }
  const { url, admin, epoch } = JSON.parse(ready) as { url: string; admin: ChannelAddress; epoch: string };
  return {
    url,
    port: Number(new URL(url).port),
    adminAddress: admin,
    admin: gatewayAdmin(admin, TEST_ADMIN_TOKEN),
    epoch,
    stateDirectory,
    child,
    stderr: () => stderr,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = (await exited) as [number | null];
      await cleanUp();
      return code;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}
