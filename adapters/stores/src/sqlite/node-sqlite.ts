import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { StoreError } from '../store-error.ts';

/** Statements of different shapes that stay prepared; preparing one again costs tens of microseconds. */
const PREPARED_STATEMENTS = 100;

/** Kysely's SQLite dialect over Node's own driver. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #database: DatabaseSync;

  /** `beforeWrite` is asked before each statement that may write, and keeps it from being run by throwing. */
  constructor(database: DatabaseSync, beforeWrite: () => void = () => {}) {
    const config = { database: { prepare: statementCache(database, beforeWrite), close: () => database.close() } };
    super(config);
    this.#config = config;
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config, this.#database);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(config: SqliteDialectConfig, database: DatabaseSync) {
    super(config);
    this.#database = database;
  }

  // A deferred transaction takes the write lock at its first write, which fails if somebody wrote since its first read.
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  // SQLite has rolled back by itself when the disk was full; a complaint about that would take the place of the cause.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

function statementCache(database: DatabaseSync, beforeWrite: () => void): (sql: string) => SqliteStatement {
  const prepared = new Map<string, SqliteStatement>();
  // A transaction is checked where it begins and where it is confirmed, not at each of its many writes.
  const checkFor = (sql: string) => (/^\s*select\b/i.test(sql) ? undefined : sql === 'commit' ? 'always' : 'outside');
  const prepare = (sql: string) => {
    const check = checkFor(sql);
    return asKyselyExpects(database.prepare(sql), () => {
      if (check === 'always' || (check === 'outside' && !database.isTransaction)) beforeWrite();
    });
  };
  return (sql) => {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.delete(sql);
    prepared.set(sql, statement);
    const [oldest] = prepared.keys();
    if (prepared.size > PREPARED_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
    return statement;
  };
}

function asKyselyExpects(statement: StatementSync, before: () => void): SqliteStatement {
  const inWords = <T>(act: () => T): T => {
    before();
    try {
      return act();
    } catch (fault) {
      throw unwritable(fault) ?? fault;
    }
  };
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => inWords(() => statement.all(...parameters.map(asInput))),
    run: (parameters) => inWords(() => statement.run(...parameters.map(asInput))),
    iterate: (parameters) => statement.iterate(...parameters.map(asInput)),
  };
}

/** By SQLite's code, which extended ones have in their lowest byte. */
const REMEDIES: Readonly<Record<number, string>> = {
  8: 'Let the user it runs as write the database and its folder, then start it again.',
  10: 'Look for what keeps this process from writing files, such as a quota or a disk that fails.',
  13: 'Free space on its disk.',
};

function unwritable(fault: unknown): StoreError | undefined {
  if (!(fault instanceof Error && 'errcode' in fault && typeof fault.errcode === 'number')) return undefined;
  const remedy = REMEDIES[fault.errcode & 0xff];
  if (remedy === undefined) return undefined;
  return new StoreError('unwritable', `The database cannot be written: ${fault.message}. ${remedy}`, fault);
}

function asInput(value: unknown): SQLInputValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null)
    return value;
  throw new TypeError(`SQLite has no column for ${typeof value}.`);
}
