import { DatabaseSync } from 'node:sqlite';
import type { Sha256, Store } from '@spillway/control/ports';
import { Kysely } from 'kysely';
import type { SqlDifferences } from '../sql/dialect.ts';
import { migrate } from '../sql/migrate.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import { StoreError } from '../store-error.ts';
import { keepInPlace, refuseToForget } from './in-place.ts';
import { NodeSqliteDialect } from './node-sqlite.ts';
import { takeOwnership } from './owner-lock.ts';

/** How long a write waits for a program that only reads or copies the file. */
const BUSY_TIMEOUT_MS = 5_000;

export interface SqliteStoreOptions {
  /** Made if it does not exist; its folder must. `-wal`, `-shm` and `-owner` files appear beside it. */
  readonly file: string;
  readonly sha256: Sha256;
}

// BEGIN IMMEDIATE has already taken the one write lock when a migration starts; the collation "binary" is built in.
const DIFFERENCES: SqlDifferences = { rowLocks: false, prepareMigration: async () => {} };

/** A store in files that somebody may delete, or replace. */
export interface EmbeddedStore extends Store {
  /** Throws `StoreError` 'unwritable' while they are not those that were opened. */
  inPlace(): void;
}

/** One control plane's store in one file. Throws `StoreError` when the file is locked, too new, or cannot be opened. */
export async function openSqliteStore({ file, sha256 }: SqliteStoreOptions): Promise<EmbeddedStore> {
  const owner = opening(file, () => takeOwnership(file));
  let db: Kysely<Tables> | undefined;
  let check = () => {};
  const inPlace = () => check();
  try {
    refuseToForget(file);
    const database = opening(file, () => openDurable(file));
    db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database, inPlace) });
    await migrate(db, DIFFERENCES);
    // Only now are all of its files there.
    check = keepInPlace(database, file);
  } catch (fault) {
    await db?.destroy();
    owner.release();
    throw fault;
  }
  const opened = db;
  const store = createSqlStore({
    db: opened,
    sha256,
    differences: DIFFERENCES,
    close: async () => {
      try {
        // The last moment at which what is in files without a name can still be saved.
        inPlace();
      } finally {
        await opened.destroy();
        owner.release();
      }
    },
  });
  return { ...store, inPlace };
}

function openDurable(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    // FULL, because with WAL the cheaper NORMAL may lose acknowledged commits when power fails.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    return database;
  } catch (fault) {
    database.close();
    throw fault;
  }
}

function opening<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (fault) {
    if (fault instanceof StoreError) throw fault;
    const why = fault instanceof Error ? fault.message : String(fault);
    const message = `${file} cannot be opened as a SQLite database: ${why}. Check that its folder exists, that you may write there, and that the file is Spillway's.`;
    throw new StoreError('unreachable', message, fault);
  }
}
