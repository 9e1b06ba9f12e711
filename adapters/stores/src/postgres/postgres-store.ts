import type { Sha256, Store } from '@spillway/control/ports';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type CustomTypesConfig, Pool, types } from 'pg';
import type { SqlDifferences } from '../sql/dialect.ts';
import { migrate } from '../sql/migrate.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import { StoreError } from '../store-error.ts';
import { tellingPool } from './telling-pool.ts';
import { wallTime } from './wall-time.ts';

export const DEFAULT_POOL_SIZE = 10;
const PATIENCE = { connectMs: 5_000, statementMs: 30_000 };
/** A replica that hangs inside a transaction holds up the appends of all others until the server ends its session. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
/** Any number, as long as every version of Spillway uses the same. */
const MIGRATION_LOCK = 7_245_117_903;

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the driver's parameters such as `sslmode`. */
  readonly url: string;
  readonly sha256: Sha256;
  /** Connections kept at most. Appends need one at a time, so this bounds how many reads run at once. */
  readonly poolSize?: number;
  /** How long to wait for a connection and for a statement, in milliseconds. */
  readonly patience?: { readonly connectMs: number; readonly statementMs: number };
  /** Told about idle connections that break; the pool replaces them by itself. */
  readonly onConnectionLost?: (fault: Error) => void;
}

/** By SQLSTATE. */
const REMEDIES: Readonly<Record<string, string>> = {
  '25006': 'Point the server at a database that takes writes, such as the primary.',
  '53100': 'Free space on the disk of the database.',
};

const DIFFERENCES: SqlDifferences = {
  rowLocks: true,
  unwritable(fault) {
    if (!(fault instanceof Error && 'code' in fault && typeof fault.code === 'string')) return undefined;
    const remedy = REMEDIES[fault.code];
    return remedy && `The database cannot be written: ${fault.message}. ${remedy}`;
  },
  async prepareMigration(transaction) {
    await sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    // The name under which SQLite knows byte order, so that one migration text serves both.
    const made =
      await sql`SELECT 1 FROM pg_collation WHERE collname = 'binary' AND pg_collation_is_visible(oid)`.execute(
        transaction,
      );
    if (made.rows.length === 0)
      await sql`CREATE COLLATION "binary" (provider = libc, locale = 'C')`.execute(transaction);
  },
};

/** Machines that share a store have one clock in common: that of the store. */
export interface SharedStore extends Store {
  /** Its time of day in milliseconds, with fractions. Throws `StoreError` while it cannot be asked. */
  wallTime(): Promise<number>;
}

/** Several control planes' store in one database. Throws `StoreError` when it cannot be reached or is too new. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<SharedStore> {
  const pool = tellingPool(createPool(options), (fault) => unreachable(options.url, fault));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, DIFFERENCES);
  } catch (fault) {
    await db.destroy();
    throw fault instanceof StoreError ? fault : unreachable(options.url, fault);
  }
  const store = createSqlStore({ db, sha256: options.sha256, differences: DIFFERENCES, close: () => db.destroy() });
  return { ...store, wallTime: () => wallTime(db) };
}

function createPool(options: PostgresStoreOptions): Pool {
  const { url, poolSize = DEFAULT_POOL_SIZE, patience = PATIENCE, onConnectionLost } = options;
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    types: SAFE_INTEGERS,
    application_name: 'spillway',
    connectionTimeoutMillis: patience.connectMs,
    statement_timeout: patience.statementMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that the server ends would end this process if nobody listened. The pool listens while a connection is
  // idle, and the query that runs on a busy one fails by itself; between two statements of a transaction only this does.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', (fault) => onConnectionLost?.(fault));
  return pool;
}

/** BIGINT as a number: sequence numbers, versions and milliseconds all fit; the driver's default is a string. */
const SAFE_INTEGERS: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? readInteger : types.getTypeParser(oid, format)),
};

function readInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is beyond the whole numbers this program can hold.`);
  return number;
}

function unreachable(url: string, fault: unknown): StoreError {
  const why = fault instanceof Error ? fault.message || fault.name : String(fault);
  return new StoreError(
    'unreachable',
    `PostgreSQL at ${whereabouts(url)} cannot be used: ${why}. Check the address, the credentials, and that the user may create tables in the database.`,
    fault,
  );
}

/** The address without its user and password, which belong in no message. */
function whereabouts(url: string): string {
  if (!URL.canParse(url)) return 'the given address';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
