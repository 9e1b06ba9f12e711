import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';

/**
 * Keeps a second control plane off the file while letting backups and curious people read it. The lock is one that
 * SQLite holds on a small file beside the database: the operating system frees it however the process ends, which a
 * file with a process id in it would not survive. The file itself stays, because removing it would race with the next owner.
 */
export function takeOwnership(file: string): { release(): void } {
  const lock = new DatabaseSync(`${file}-owner`);
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (fault) {
    lock.close();
    if (!isBusy(fault)) throw fault;
    throw new StoreError(
      'locked',
      `${file} is in use by another control plane. Stop that one first, choose another file, or use PostgreSQL to run several.`,
      fault,
    );
  }
  return { release: () => lock.close() };
}

const SQLITE_BUSY = 5;

function isBusy(fault: unknown): boolean {
  return fault instanceof Error && 'errcode' in fault && fault.errcode === SQLITE_BUSY;
}
