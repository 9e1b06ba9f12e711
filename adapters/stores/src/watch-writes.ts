import type { Store } from '@spillway/control/ports';
import type { EmbeddedStore } from './sqlite/sqlite-store.ts';
import { StoreError } from './store-error.ts';

/** Nobody else has a lease of this name, and it is free again at once. */
const PROBE = 'readiness';

export interface WatchedStore {
  /** The same store; what its commits and leases come to is remembered. */
  readonly store: Store;
  /**
   * Resolves when the store answers and, as far as the last write tells, takes writes. After one that it did not take, each
   * call tries a small one, so that it is noticed when there is room again even if nobody writes. Rejects with the reason.
   */
  readonly ready: () => Promise<void>;
}

export function watchWrites(inner: Store | EmbeddedStore, project: string): WatchedStore {
  let refused: StoreError | undefined;

  async function noting<T>(write: Promise<T>): Promise<T> {
    try {
      const written = await write;
      refused = undefined;
      return written;
    } catch (fault) {
      if (fault instanceof StoreError && fault.code === 'unwritable') refused = fault;
      throw fault;
    }
  }

  const store: Store = {
    ...inner,
    commit: (commit) => noting(inner.commit(commit)),
    acquireLease: (...asked) => noting(inner.acquireLease(...asked)),
  };

  return {
    store,
    async ready() {
      if ('inPlace' in inner) inner.inPlace();
      await store.head(project);
      if (refused === undefined) return;
      await store.acquireLease(PROBE, PROBE, 0, 1);
      await store.releaseLease(PROBE, PROBE);
    },
  };
}
