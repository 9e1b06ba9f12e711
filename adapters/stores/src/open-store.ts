import type { Sha256, Store } from '@spillway/control/ports';
import { createMemoryStore } from './memory/memory-store.ts';
import { openPostgresStore, type PostgresStoreOptions, type SharedStore } from './postgres/postgres-store.ts';
import { type EmbeddedStore, openSqliteStore } from './sqlite/sqlite-store.ts';
import { StoreError } from './store-error.ts';

export interface OpenStoreOptions extends Omit<PostgresStoreOptions, 'url'> {
  readonly sha256: Sha256;
}

/**
 * Opens the store that the address names: `sqlite:path/to/file.db` (or `sqlite:/path…`, `sqlite:///path…`),
 * `postgres://user:password@host:port/database`, or `memory:`. Throws `StoreError` when it cannot be opened.
 */
export async function openStore(url: string, options: OpenStoreOptions): Promise<Store | SharedStore | EmbeddedStore> {
  const { sha256 } = options;
  const colon = url.indexOf(':');
  switch (url.slice(0, Math.max(colon, 0))) {
    case 'memory':
      return createMemoryStore({ sha256 });
    case 'sqlite':
      return openSqliteStore({ file: fileOf(url.slice(colon + 1)), sha256 });
    case 'postgres':
    case 'postgresql':
      return openPostgresStore({ ...options, url });
    default:
      throw badUrl();
  }
}

function fileOf(rest: string): string {
  const file = rest.startsWith('///') ? rest.slice(2) : rest;
  // Two slashes announce a host, which a file has not: `sqlite://data/x.db` would not mean what it says.
  if (file === '' || file.startsWith('//')) throw badUrl();
  return file;
}

function badUrl(): StoreError {
  // The address itself stays out of the message: it may hold a password.
  const forms = 'sqlite:path/to/file.db, postgres://user:password@host:port/database or memory:';
  return new StoreError('bad_url', `The store's address cannot be read. Write ${forms}`);
}
