import type { Sha256, Store } from '@spillway/control/ports';
import { createMemoryStore } from './memory/memory-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import { StoreError } from './store-error.ts';

/** Opens the store that the address names: `sqlite:path/to/file.db`, or `memory:`. */
export async function openStore(url: string, { sha256 }: { readonly sha256: Sha256 }): Promise<Store> {
  const colon = url.indexOf(':');
  const [scheme, rest] = [url.slice(0, Math.max(colon, 0)), url.slice(colon + 1)];
  switch (scheme) {
    case 'memory':
      return createMemoryStore({ sha256 });
    case 'sqlite': {
      // `sqlite:///var/lib/x.db` is as common a spelling as `sqlite:/var/lib/x.db`.
      const file = rest.startsWith('///') ? rest.slice(2) : rest;
      if (file === '' || file.startsWith('//')) break;
      return openSqliteStore({ file, sha256 });
    }
  }
  throw new StoreError('bad_url', `This is no address of a store. Write sqlite:path/to/file.db or memory:`);
}
