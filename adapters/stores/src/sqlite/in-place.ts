import { existsSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';

/** What SQLite writes beside the database and would not miss either. */
const COMPANIONS = ['', '-wal', '-shm'];
const MAX_RESCUES = 100;

/**
 * SQLite writes on into files that somebody deleted or replaced, and what it writes there is gone with the process. So
 * it is looked at before each write; the first time something is missing, what the open files still hold is copied beside them.
 * The returned function throws `StoreError` 'unwritable' while the files are not those that were opened.
 */
export function keepInPlace(database: DatabaseSync, file: string): () => void {
  const opened = COMPANIONS.map((ending) => file + ending).map((path) => ({ path, inode: inodeOf(path) }));
  let rescue: Rescue | undefined;

  return () => {
    const lost = opened.find(({ path, inode }) => inode !== undefined && inodeOf(path) !== inode);
    if (lost === undefined) {
      // They were put back, and hold what the copy holds and more.
      if (rescue?.copy !== undefined) rmSync(rescue.copy, { force: true });
      rescue = undefined;
      return;
    }
    // A transaction that is under way is rolled back first; the next look saves what is there.
    if (!database.isTransaction) rescue ??= rescued(database, file);
    const what = existsSync(lost.path) ? 'is not the file that was opened' : 'is gone';
    const told = rescue?.told ?? 'Ask again for what to do.';
    throw new StoreError('unwritable', `The database cannot be written: ${lost.path} ${what}. ${told}`);
  };
}

/** Throws `StoreError` while there are rescued copies: what is in the database's place may be less than was confirmed. */
export function refuseToForget(file: string): void {
  const copy = rescueName(file, 1);
  if (!existsSync(copy)) return;
  throw new StoreError(
    'unreachable',
    `${copy} holds what was in ${file} when that was deleted or replaced under a running control plane. Delete ${file}-wal and ${file}-shm and move the newest such copy to ${file}; where ${file} is as you want it, move the copies away.`,
  );
}

interface Rescue {
  readonly copy: string | undefined;
  readonly told: string;
}

function rescued(database: DatabaseSync, file: string): Rescue {
  try {
    const copy = freeName(file);
    database.prepare('VACUUM INTO ?').run(copy);
    return {
      copy,
      told: `What it held is in ${copy}. Stop this control plane, delete ${file}-wal and ${file}-shm, move the copy to ${file}, and start again.`,
    };
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    return {
      copy: undefined,
      told: `It could not be copied either: ${why}. Until this control plane stops, it still answers with what it held: save the definitions with \`spillway export\`.`,
    };
  }
}

function freeName(file: string): string {
  for (let number = 1; number <= MAX_RESCUES; number += 1) {
    const name = rescueName(file, number);
    if (!existsSync(name)) return name;
  }
  throw new Error(`${MAX_RESCUES} copies are there already`);
}

function rescueName(file: string, number: number): string {
  return `${file}-rescued-${number}`;
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
