import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelAddress, ListenAddress } from '@spillway/private-channel';
import { openAdmin } from './admin/server.ts';
import { desiredFile } from './desired/file.ts';
import { openFleet } from './fleet.ts';
import { lockDirectory } from './lock.ts';

export const ADMIN_TOKEN_LENGTH_MIN = 16;

export interface SupervisorOptions {
  readonly stateDirectory: string;
  readonly admin: ListenAddress;
  readonly adminToken: string;
  /** What a version's relative directory is relative to. */
  readonly workingDirectory: string;
  /** The environment from which apps get PATH, HOME and the like; nothing else of it reaches them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log?: (line: string) => void;
}

export interface Supervisor {
  readonly admin: ChannelAddress;
  /** How many running processes of an earlier supervisor were taken up. */
  readonly adopted: number;
  /** `stop` ends the apps gracefully first; `leave` lets them run for the next supervisor. */
  close(how: 'stop' | 'leave'): Promise<void>;
  /** While `close('stop')` waits: kills what is still there. */
  hurry(): void;
}

/** Owns the app processes of one machine. Throws when it cannot start: the message names the remedy. */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { stateDirectory, adminToken, log = () => undefined } = options;
  if (adminToken.length < ADMIN_TOKEN_LENGTH_MIN) {
    throw new Error(`The admin token must have at least ${ADMIN_TOKEN_LENGTH_MIN} characters.`);
  }
  const pidDirectory = join(stateDirectory, 'instances');
  const logDirectory = join(stateDirectory, 'logs');
  for (const each of [stateDirectory, pidDirectory, logDirectory]) await mkdir(each, { recursive: true, mode: 0o700 });
  const unlock = await lockDirectory(stateDirectory);
  try {
    const file = desiredFile(stateDirectory);
    const loaded = await file.load();
    if (loaded.is === 'corrupt') log(loaded.message);
    const { workingDirectory, environment } = options;
    const parts = { pidDirectory, logDirectory, workingDirectory, environment, file, log };
    const { fleet, adopted } = await openFleet(loaded.desired, parts);
    const admin = await openAdmin({ fleet, token: adminToken, listen: options.admin }).catch(async (error: unknown) => {
      await fleet.close('leave');
      throw error;
    });
    return {
      admin: admin.address,
      adopted,
      hurry: () => fleet.hurry(),
      async close(how) {
        await fleet.close(how);
        await admin.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}
