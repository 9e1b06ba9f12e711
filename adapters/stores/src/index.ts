export { createMemoryStore } from './memory/memory-store.ts';
export { type OpenStoreOptions, openStore } from './open-store.ts';
export { openPostgresStore, type PostgresStoreOptions, type SharedStore } from './postgres/postgres-store.ts';
export { MAX_BODY_BYTES, MAX_PAGE, MAX_WRITES_PER_COMMIT } from './prepared-commit.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export { type WatchedStore, watchWrites } from './watch-writes.ts';
