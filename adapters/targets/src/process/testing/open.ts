import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Target } from '@spillway/control';
import type { VersionSpec } from '@spillway/core';
import { processTarget } from '../process-target.ts';
import { type Supervisor, startSupervisor } from '../supervisor.ts';

export interface Opened {
  readonly directory: string;
  readonly supervisor: Supervisor;
  readonly target: Target;
  /** Ends the supervisor alone, as a restart does. */
  leave(): Promise<void>;
  /** Ends everything and removes the directory. */
  close(): Promise<void>;
}

/**
 * A supervisor inside the test's process, on a temporary directory or on one that another left. A test that is given is
 * cleaned up after, also when it fails.
 */
export async function openSupervisor(existing?: string, context?: TestContext): Promise<Opened> {
  const directory = existing ?? (await mkdtemp(join(tmpdir(), 'spillway-supervisor-')));
  const adminToken = randomUUID();
  const supervisor = await startSupervisor({
    stateDirectory: directory,
    admin: { is: 'unix', path: join(directory, 'admin.sock') },
    adminToken,
    workingDirectory: import.meta.dirname,
    environment: { ...process.env, SPILLWAY_SUPERVISOR_ADMIN_TOKEN: adminToken },
  });
  let isClosed = false;
  const close = async (how: 'stop' | 'leave') => {
    if (isClosed) return;
    isClosed = true;
    await supervisor.close(how);
    if (how === 'stop') await rm(directory, { recursive: true, force: true });
  };
  context?.after(() => close('stop'));
  return {
    directory,
    supervisor,
    target: processTarget({ address: supervisor.admin, token: adminToken }),
    leave: () => close('leave'),
    close: () => close('stop'),
  };
}

export function appSpec(name: string, over: Partial<VersionSpec> = {}): VersionSpec {
  return {
    name,
    command: ['node', 'app.mjs'],
    env: {},
    instances: 1,
    health: { path: '/healthz', interval_ms: 100, timeout_ms: 1_000, start_timeout_ms: 5_000 },
    grace_ms: 3_000,
    ...over,
  };
}

export async function get(url: string, path: string): Promise<string> {
  const response = await fetch(`${url}${path}`);
  return response.text();
}

export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
