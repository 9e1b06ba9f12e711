import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { readIfThere, writePrivateFile } from './platform-files.ts';

/** Somebody else works on this directory. */
export class DirectoryInUse extends Error {}

export interface DirectoryLock {
  release(): void;
}

const RETRY_MS = 50;

/**
 * Takes `<path>` for this process, waiting up to `waitMs` for an earlier owner to finish. The lock is one of the
 * operating system (SQLite's), so it is free the moment its owner is gone, however it went.
 */
export async function lockFile(path: string, waitMs: number): Promise<DirectoryLock> {
  const started = performance.now();
  while (true) {
    const taken = tryLock(path);
    if (taken !== undefined) return taken;
    if (performance.now() - started >= waitMs) break;
    await wait(RETRY_MS);
  }
  const owner = readIfThere(`${path}.pid`);
  throw new DirectoryInUse(
    `Another Spillway${owner === undefined ? '' : ` (process ${owner})`} works on ${path.replace(/\/[^/]*$/, '')}. ` +
      'Stop it, or name another directory with --data or SPILLWAY_DATA_DIR.',
  );
}

function tryLock(path: string): DirectoryLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE;');
  } catch (error) {
    database.close();
    if (error instanceof Error && /lock/i.test(error.message)) return undefined;
    throw error;
  }
  writePrivateFile(`${path}.pid`, String(process.pid));
  return { release: () => database.close() };
}
